import { optional } from '../../errors.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { sockstatGauge } from '../../proc/net/sockstat.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { programName } from '../../processes/process-facts.ts'
import { collectSockets } from '../read.ts'
import { NO_OWNER, RowsOfLook, TrafficRows } from './traffic-rows.ts'
import { UNKNOWN_OWNER, type TrafficCounters, type TrafficOwner } from './traffic-owners.ts'
import type { TrafficWatch } from './watch-traffic.ts'

/** One look at TCP, with what came since the look before. */
export interface TrafficLook {
  /** Since the look before; undefined of the first. */
  seconds: number | undefined
  rows: TrafficRows
  /** What was counted since the look before, by owner: those with a connection now, and those that carried something. */
  owners: ReadonlyMap<number, OwnerAmounts>
  /** All that was counted since the look before; undefined of the first look, and where the kernel tells no counts. */
  amounts: MachineAmounts | undefined
  /** Connections that began since the look before, by the local port; undefined where ends are not told. */
  opened: ReadonlyMap<number, number> | undefined
  /** TIME_WAIT sockets by the kernel's own count. */
  timeWait: number | undefined
  udp: number | undefined
  /** Processes that could not be searched. */
  unreadable: number
  /** Ends that came faster than they were heard. */
  lost: number
}

/** What began and ended is known where ends are told: many a connection is in no look. */
export type MachineAmounts = Omit<TrafficCounters, 'opened' | 'closed'> & {
  opened: number | undefined
  closed: number | undefined
}

export interface OwnerAmounts {
  /** Undefined of what no process was found for. */
  owner: TrafficOwner | undefined
  amounts: TrafficCounters
}

/** Looks once; `source` is that of the watch. */
export function lookAtTraffic(watch: TrafficWatch, source: ProcSource, nowMs?: number): TrafficLook {
  const gathered = new RowsOfLook()
  watch.look({
    // Recordings have them; a machine is not asked for them.
    visit: (dump, at, end, place, state) => {
      if (state !== TCP_STATE.timeWait) gathered.add(dump, at, end, place)
    },
    ...(nowMs !== undefined && { nowMs }),
  })
  const { accountant } = watch
  const { seconds } = accountant
  const [opened, lost] = [watch.takeOpened(), watch.lost()]
  const rows = gathered.rows()
  for (let i = 0; i < rows.length; i += 1) {
    const inode = Number(rows.inodeAt(i))
    rows.owner[i] = (inode === 0 ? accountant.ownerAt(gathered.places[i]!) : watch.owners.known(inode)) ?? NO_OWNER
    const place = gathered.places[i]!
    const amounts = place === -1 || !seconds ? undefined : accountant.amountsAt(place)
    if (amounts === undefined) continue
    rows.received[i] = amounts.receivedBytes / seconds!
    rows.sent[i] = amounts.sentBytes / seconds!
    rows.retransmits[i] = amounts.retransmits / seconds!
  }
  return {
    seconds,
    rows,
    owners: ownersOf(watch, rows),
    amounts: seconds === undefined ? undefined : amountsOf(accountant.amounts, lost !== undefined),
    opened: lost === undefined ? undefined : opened,
    ...gaugesOf(source),
    unreadable: [...watch.owners.lastSearch.unreadable.values()].reduce((sum, count) => sum + count, 0),
    lost: lost ?? 0,
  }
}

/** The same from the tables of /proc, where the kernel cannot be asked: nothing is known of what was carried. */
export function lookAtTables(source: ProcSource): TrafficLook {
  const report = collectSockets(source, {
    tables: ['tcp', 'tcp6'],
    selection: { all: true, listening: false, ports: [] },
    owners: 'name',
    skipOwnerlessReasons: true,
  })
  const sockets = report.sockets.filter(({ row }) => !('state' in row) || row.state !== TCP_STATE.timeWait)
  const rows = new TrafficRows(sockets)
  const owners = new Map<number, OwnerAmounts>()
  sockets.forEach(({ owners: found }, i) => {
    const [first] = found ?? []
    if (first === undefined) return
    const { pid, startTicks, unit, container } = first.process
    rows.owner[i] = pid
    if (!owners.has(pid))
      owners.set(pid, {
        owner: { pid, startTicks, program: programName(first.process), unit, container },
        amounts: { receivedBytes: 0, sentBytes: 0, retransmits: 0, opened: 0, closed: 0 },
      })
  })
  return {
    seconds: undefined,
    rows,
    owners,
    amounts: undefined,
    opened: undefined,
    ...gaugesOf(source),
    unreadable: [...(report.search?.unreadable.values() ?? [])].reduce((sum, count) => sum + count, 0),
    lost: 0,
  }
}

function amountsOf(counted: TrafficCounters, endsTold: boolean): MachineAmounts {
  return endsTold ? counted : { ...counted, opened: undefined, closed: undefined }
}

function ownersOf({ accountant: { owners } }: TrafficWatch, rows: TrafficRows): Map<number, OwnerAmounts> {
  const shown = new Set(rows.owner)
  if (shown.has(NO_OWNER)) shown.add(UNKNOWN_OWNER)
  const found = new Map<number, OwnerAmounts>()
  for (const number of owners.numbers()) {
    const amounts = owners.amountsOf(number)
    if (!shown.has(number) && amounts.receivedBytes + amounts.sentBytes + amounts.opened + amounts.closed === 0)
      continue
    found.set(number, { owner: owners.ownerOf(number), amounts })
  }
  return found
}

function gaugesOf(source: ProcSource): Pick<TrafficLook, 'timeWait' | 'udp'> {
  const sockstat = optional(() => source.readFile('net/sockstat'))
  const sockstat6 = optional(() => source.readFile('net/sockstat6'))
  const udp = sockstatGauge(sockstat, 'UDP', 'inuse')
  return {
    timeWait: sockstatGauge(sockstat, 'TCP', 'tw'),
    udp: udp === undefined ? undefined : udp + (sockstatGauge(sockstat6, 'UDP6', 'inuse') ?? 0),
  }
}
