import { TCP_STATE } from '../../src/kernel/tcp-state.ts'
import type { TrafficOwner } from '../../src/sockets/index.ts'
import { NO_OWNER, TrafficRows } from '../../src/sockets/index.ts'
import type { Sample } from '../../src/top/model.ts'
import { tcpSocket } from './a-socket.ts'

/** A row of a look: a connection without traffic of nobody known, unless told otherwise. */
export interface RowOfSample {
  owner?: number
  inode?: string
  state?: number
  local?: string
  remote?: string
  /** Per second. */
  received?: number
  sent?: number
  retransmits?: number
  rttUs?: number
  unread?: number
  unsent?: number
}

/** `192.0.2.1:80` */
function ends(text: string): [address: string, port: number] {
  const at = text.lastIndexOf(':')
  return [text.slice(0, at), Number(text.slice(at + 1))]
}

/** What a look found, with owners by number. */
export function sampleOf(
  rows: readonly RowOfSample[],
  owners: Readonly<Record<number, Partial<TrafficOwner>>> = {},
  rest: Partial<Omit<Sample, 'look'>> & { look?: Partial<Sample['look']> } = {},
): Sample {
  const made = new TrafficRows(
    rows.map(({ state = TCP_STATE.established, local = '192.0.2.1:80', remote = '198.51.100.7:4000', ...row }, i) => {
      const isListener = state === TCP_STATE.listen
      const [[localAddress, localPort], [remoteAddress, remotePort]] = [
        ends(local),
        ends(isListener ? '0.0.0.0:0' : remote),
      ]
      return tcpSocket({
        state,
        localAddress,
        localPort,
        remoteAddress,
        remotePort,
        rxQueueBytes: row.unread ?? 0,
        txQueueBytes: isListener ? 0 : (row.unsent ?? 0),
        acceptQueueLimit: isListener ? row.unsent : undefined,
        inode: row.inode ?? String(1000 + i),
      })
    }),
  )
  rows.forEach(({ owner = NO_OWNER, received, sent, retransmits, rttUs }, i) => {
    made.owner[i] = owner
    made.received[i] = received ?? Number.NaN
    made.sent[i] = sent ?? Number.NaN
    made.retransmits[i] = retransmits ?? Number.NaN
    made.rttUs[i] = rttUs ?? Number.NaN
  })
  const sum = (name: 'received' | 'sent' | 'retransmits', owner?: number) =>
    rows.reduce(
      (all, row) => all + (owner === undefined || (row.owner ?? NO_OWNER) === owner ? (row[name] ?? 0) : 0),
      0,
    )
  const amountsOf = (owner?: number) => ({
    receivedBytes: sum('received', owner),
    sentBytes: sum('sent', owner),
    retransmits: sum('retransmits', owner),
    opened: 0,
    closed: 0,
  })
  return {
    atMs: Date.UTC(2026, 10, 21, 12, 0, 0),
    host: 'web1',
    source: 'live',
    selected: undefined,
    undecided: 0,
    timeWait: undefined,
    waited: new Map(),
    without: undefined,
    ...rest,
    look: {
      seconds: 1,
      rows: made,
      owners: new Map(
        Object.entries(owners).map(([number, owner]) => [
          Number(number),
          {
            owner: { pid: Number(number), startTicks: 1, program: `program${number}`, ...owner },
            amounts: amountsOf(Number(number)),
          },
        ]),
      ),
      amounts: amountsOf(),
      opened: new Map(),
      timeWait: 3,
      udp: 2,
      unreadable: 0,
      lost: 0,
      ...rest.look,
    },
  }
}
