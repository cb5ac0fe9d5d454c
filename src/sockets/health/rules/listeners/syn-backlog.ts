import { groupBy } from '../../../../group-by.ts'
import { unmapIp } from '../../../../kernel/ip-address.ts'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { TcpTable } from '../../../tables/inet-row.ts'
import type { HealthFacts } from '../../facts.ts'
import { during, servicePlace } from '../../health-words.ts'
import { counted } from '../../../../terminal/units.ts'
import type { InetSocket } from '../../look.ts'
import { finding, measured, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'

/** Half-open connections pile up: a flood, or clients whose last step of the handshake does not arrive. */
export const synBacklog: HealthRule = {
  code: 'syn-backlog',
  why: 'So many handshakes with one listener are half open that it is a flood, or answers get lost: the same ones in both looks, or so many in both that the kernel sends cookies or refuses new ones.',
  thresholds: ['synBacklogRows'],
  check(facts) {
    const before = earlierPiles(facts)
    const piles = [...groupBy(facts.inState(TCP_STATE.synRecv), socket => listenerOf(socket, facts))]
    return piles.flatMap(([listener, rows]) => {
      const lasting = facts.before === undefined ? rows : rows.filter(row => facts.earlier(row) !== undefined)
      const { value: least } = THRESHOLDS.synBacklogRows
      const refused = facts.rise('TcpExt', 'TCPReqQFullDrop') ?? 0
      const cookies = facts.rise('TcpExt', 'TCPReqQFullDoCookies') ?? 0
      // A full queue drops the oldest, so that hardly any is the same later.
      const stays = refused + cookies > 0 && rows.length >= least && (before.get(listener) ?? 0) >= least
      const isPile = lasting.length >= least || stays
      // The fullest one is where they are refused.
      const isRefusing = refused > 0 && rows.length === Math.max(...piles.map(([, others]) => others.length))
      return listener !== undefined && (isPile || isRefusing) ? [report(listener, rows, lasting, facts)] : []
    })
  },
}

/** How many were half open at each listener in the look before. */
function earlierPiles(facts: HealthFacts): Map<InetSocket | undefined, number> {
  const rows = facts.before?.sockets.filter(({ row }) => row.state === TCP_STATE.synRecv) ?? []
  return new Map([...groupBy(rows, row => listenerOf(row, facts))].map(([listener, own]) => [listener, own.length]))
}

function listenerOf({ row }: InetSocket, facts: HealthFacts): InetSocket | undefined {
  return facts.listenersAt(unmapIp(row.localAddress), row.localPort, row.table as TcpTable)[0]
}

/** Counters that tell what the kernel did about it. Source: Linux net/ipv4/tcp_input.c, tcp_syn_flood_action. */
const COUNTERS = ['TCPReqQFullDrop', 'TCPReqQFullDoCookies', 'SyncookiesSent', 'SyncookiesFailed'] as const

function report(listener: InetSocket, rows: readonly InetSocket[], lasting: readonly InetSocket[], facts: HealthFacts) {
  const sources = new Set(rows.map(({ row }) => unmapIp(row.remoteAddress))).size
  const risen = COUNTERS.map(name => [name, facts.rise('TcpExt', name) ?? 0] as const).filter(([, rise]) => rise > 0)
  const refuses = risen.some(([name]) => name === 'TCPReqQFullDrop')
  return finding(
    'syn-backlog',
    refuses ? 'critical' : 'warning',
    `has ${counted(rows.length, 'half-open handshake')} on ${servicePlace(listener)}, which ${rows.length === 1 ? 'its client does' : 'their clients do'} not finish${refuses ? '; new ones are refused' : ''}`,
    {
      of: [listener],
      otherwise: 'the server',
      measured: [measured('synBacklogRows', rows.length, 'net/tcp')],
      reach: rows.length,
      evidence: [
        `${rows.length} in SYN_RECV from ${sources === 1 ? 'one address' : `${sources} addresses`}${facts.before === undefined ? '' : `, ${lasting.length} of them in both looks`} (a pile from ${THRESHOLDS.synBacklogRows.value} on)`,
        ...risen.map(
          ([name, rise]) => `${name} rose by ${rise} ${during(facts.seconds)} (net/netstat, of all listeners)`,
        ),
      ],
      do: [
        sources === 1
          ? 'look at the way to that address: its last segment of the handshake does not arrive here'
          : 'keep net.ipv4.tcp_syncookies at 1, so that a flood costs no queue',
        'raise net.ipv4.tcp_max_syn_backlog and the backlog of listen() where the clients are honest',
      ],
      not: ['blocking the addresses: in a flood they are invented'],
    },
  )
}
