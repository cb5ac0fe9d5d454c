import { optional } from '../../errors.ts'
import { readProcessState, type ProcessState } from '../../processes/state/process-state.ts'
import { parseCounters, type Counters } from '../../proc/net/counters.ts'
import { parseSockstat } from '../../proc/net/sockstat.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { SocketReport } from '../model.ts'
import { collectSockets } from '../read.ts'
import { isInetRow, type TableName } from '../tables/socket-row.ts'
import type { HealthLook, HealthSettings, InetSocket } from './look.ts'

/** Tables whose sockets the rules look at. */
export const HEALTH_TABLES: readonly TableName[] = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6']

/** One look, with the report of reading that says how complete it is. */
export interface HealthReading {
  look: HealthLook
  report: SocketReport
}

/** Looks at the sockets of the namespace of `source` once. `nowMs` tells the time of a clock. */
export function readHealthLook(source: ProcSource, nowMs: () => number | undefined): HealthReading {
  const counters = readCounters(source)
  const atMs = nowMs()
  const report = collectSockets(source, {
    tables: HEALTH_TABLES,
    selection: { all: true, listening: false, ports: [] },
    owners: 'name',
    // Counts of each connection, and the room of each receive buffer.
    facts: 'tcp-info',
    skipDetails: true,
    skipOwnerlessReasons: true,
  })
  const sockets = report.sockets.filter((socket): socket is InetSocket => isInetRow(socket.row))
  const gauges = optional(() => parseSockstat(source.readFile('net/sockstat'))) ?? new Map<string, never>()
  const look = { atMs, sockets, counters, gauges, settings: readSettings(source), processes: statesOf(source, sockets) }
  return { look, report }
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
