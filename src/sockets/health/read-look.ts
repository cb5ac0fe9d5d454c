import { optional } from '../../errors.ts'
import { groupBy } from '../../group-by.ts'
import { readProcessState, type ProcessState } from '../../processes/state/process-state.ts'
import { parseCounters, type Counters } from '../../proc/net/counters.ts'
import { parseSockstat } from '../../proc/net/sockstat.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { SocketReport } from '../model.ts'
import { collectNamespaces, type NamespaceSource } from '../read.ts'
import { isInetRow, type TableName } from '../tables/socket-row.ts'
import type { HealthLook, HealthSettings, InetSocket } from './look.ts'

/** Tables whose sockets the rules look at. */
export const HEALTH_TABLES: readonly TableName[] = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6']

/** One look at each namespace, with the report of reading that says how complete it is. */
export interface HealthReading {
  looks: HealthLook[]
  report: SocketReport
}

/**
 * Looks once at the sockets of these namespaces; the processes, which are those of `source`, are searched once for all.
 * `nowMs` tells the time of a clock.
 */
export function readHealthLooks(
  source: ProcSource,
  spaces: readonly NamespaceSource[],
  nowMs: () => number | undefined,
): HealthReading {
  const counters = spaces.map(space => readCounters(space.source))
  const atMs = nowMs()
  const report = collectNamespaces(
    source,
    {
      tables: HEALTH_TABLES,
      selection: { all: true, listening: false, ports: [] },
      owners: 'name',
      // Counts of each connection, and the room of each receive buffer.
      facts: 'tcp-info',
      skipDetails: true,
      skipOwnerlessReasons: true,
      trustGauges: spaces.length > 1,
    },
    spaces,
  )
  const sockets = report.sockets.filter((socket): socket is InetSocket => isInetRow(socket.row))
  const byPlace = groupBy(sockets, ({ netns }) => netns?.netns)
  const looks = spaces.map(({ source: inside, netns }, at) => {
    const own = byPlace.get(netns?.netns) ?? []
    return {
      netns,
      atMs,
      sockets: own,
      counters: counters[at]!,
      gauges: optional(() => parseSockstat(inside.readFile('net/sockstat'))) ?? new Map<string, never>(),
      settings: readSettings(inside),
      processes: statesOf(source, own),
    }
  })
  return { looks, report }
}

function readCounters(source: ProcSource): Counters {
  const files = ['net/netstat', 'net/snmp'].map(path => optional(() => parseCounters(source.readFile(path))))
  return new Map(files.flatMap(counters => [...(counters ?? [])]))
}

function readSettings(source: ProcSource): HealthSettings {
  const numbers = (path: string) =>
    optional(() => source.readFile(`sys/net/${path}`).toString('latin1').trim().split(/\s+/).map(Number))
  const [, pressure, limit] = numbers('ipv4/tcp_mem') ?? []
  return {
    somaxconn: numbers('core/somaxconn')?.[0],
    maxOrphans: numbers('ipv4/tcp_max_orphans')?.[0],
    tcpMemoryPages: pressure === undefined || limit === undefined ? undefined : { pressure, limit },
  }
}

function statesOf(source: ProcSource, sockets: readonly InetSocket[]): Map<number, ProcessState> {
  const pids = new Set(sockets.flatMap(({ owners = [] }) => owners.map(({ process }) => process.pid)))
  return new Map(Array.from(pids, pid => [pid, readProcessState(source, pid)]))
}
