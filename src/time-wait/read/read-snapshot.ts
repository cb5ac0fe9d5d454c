import { gunzipSync } from 'node:zlib'
import { errnoOf, optional } from '../../errors.ts'
import { unmapIp } from '../../kernel/ip-address.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { OwnerNames } from '../../processes/owner-names.ts'
import type { SocketOwners } from '../../processes/owner.ts'
import { readProcView } from '../../processes/proc-view.ts'
import { programName, type ProcessName } from '../../processes/process-facts.ts'
import { scanOwners, type OwnerScan } from '../../processes/socket-owners.ts'
import { unreadableRemedy } from '../../processes/unreadable-remedy.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { mergeReads, readTcpTables } from '../../sockets/index.ts'
import type { InetRow } from '../../sockets/model.ts'
import type { Warning } from '../../warnings.ts'
import { connectionsByOpener, DEFAULT_RANGE, type ConnectionsByOpener } from '../rules/connections-by-opener.ts'
import type { PortRange } from './port-settings.ts'
import { readPortSettings } from './read-port-settings.ts'
import { readingWarnings } from './reading-warnings.ts'
import type { TimeWaitSnapshot } from './snapshot.ts'
import { readTcpCounters } from './tcp-counters.ts'

/**
 * Reads the network namespace of `source`: tables between two reads of sockstat, counters, settings, owners. `scan`
 * searches the descriptors of all processes; several namespaces share one such search.
 */
export function readSnapshot(source: ProcSource, scan = () => scanOwners(source)): TimeWaitSnapshot {
  const unreadable: Record<string, string> = {}
  const read = (path: string): Buffer | undefined => {
    try {
      return source.readFile(path)
    } catch (error) {
      unreadable[path] = errnoOf(error)
      return undefined
    }
  }
  const tables = readTcpTables(source, read)
  const { timeWait: timeWaitSockets, find, cut, bogus } = tables
  const sockets = mergeReads(tables.rows)
  const settings = readPortSettings(source)
  const counters = readTcpCounters(read)
  // A host without IPv6 has no tcp6, and nothing is missing.
  if (unreadable['net/tcp6'] === 'ENOENT') delete unreadable['net/tcp6']

  const connections = connectionsByOpener(timeWaitSockets, sockets.rows, find, settings.range)
  const { owners, warnings } = ownersOf(source, wantedInodes(sockets.rows, connections, settings.range), scan)
  const snapshot: TimeWaitSnapshot = {
    timeWaitSockets,
    find,
    duplicates: tables.duplicates + sockets.duplicates,
    sockets: sockets.rows,
    connections,
    incomplete: undefined,
    sockstatBefore: tables.sockstatBefore,
    sockstat: tables.sockstat,
    counters,
    settings,
    owners,
    userHz: source.meta.userHz,
    hz: kernelHz(source),
    warnings,
    unreadable,
  }
  snapshot.incomplete =
    unreadable['net/tcp'] !== undefined
      ? 'net/tcp could not be read'
      : cut.length > 0
        ? 'a table was cut short'
        : bogus.length > 0
          ? 'lines of a table could not be read'
          : tornTable(snapshot)
  const found = { cut, bogus: bogus.length, byteOrderAssumed: tables.isByteOrderAssumed }
  warnings.unshift(...readingWarnings(snapshot, found))
  return snapshot
}

/** Tables that show fewer rows than this share of the kernel's own count are not whole. */
const WHOLE = 0.9

/**
 * Says so where the table changed under the reader: rows stood twice in it, and many that the kernel counts are not in it.
 * Without repeated rows a larger count is that of a kernel that counts all namespaces.
 */
function tornTable(snapshot: TimeWaitSnapshot): string | undefined {
  const { timeWaitSockets, duplicates, sockstat, sockstatBefore } = snapshot
  if (duplicates === 0 || sockstat === undefined) return undefined
  const low = Math.min(sockstat, sockstatBefore ?? sockstat)
  return timeWaitSockets.length < low * WHOLE
    ? `the table changed while it was read and shows ${timeWaitSockets.length} of ${low} rows`
    : undefined
}

/** Names the owners of these sockets; processes are only searched where there is an owner to find. */
function ownersOf(
  source: ProcSource,
  { lasting, passing }: WantedInodes,
  scanAll: () => OwnerScan,
): { owners: SocketOwners; warnings: Warning[] } {
  const owners = new Map<string, ProcessName[]>()
  if (lasting.size + passing.size === 0) return { owners, warnings: [] }
  const scan = scanAll()
  const names = new OwnerNames(source, scan, 'name')
  for (const inode of [...lasting, ...passing]) {
    const processes = names.of(inode).map(({ process }) => ({ pid: process.pid, program: programName(process) }))
    if (processes.length > 0) owners.set(inode, processes)
  }
  const refused = [...scan.unreadable.values()].reduce((sum, count) => sum + count, 0)
  const unknown = [...lasting].filter(inode => !owners.has(inode)).length
  if (refused === 0 || unknown === 0) return { owners, warnings: [] }
  const warning: Warning = {
    code: 'processes-unreadable',
    message: `the sockets of ${refused} of ${refused + scan.processes} processes could not be read; ${unknown} of ${lasting.size} sockets have no owner here and may be theirs`,
    hint: unreadableRemedy(readProcView(source)),
  }
  return { owners, warnings: [warning] }
}

/** Open connections that hold so large a share of the ports are worth a search for their owners. */
const MUCH_OF_THE_RANGE = 0.1

/** Inodes whose owners a report names. */
interface WantedInodes {
  /** Servers with rows here, half-closed sockets, connections that hold much of the range. */
  lasting: Set<string>
  /** Open connections to destinations with rows: most are gone before anybody can look for their process. */
  passing: Set<string>
}

function wantedInodes(
  sockets: readonly InetRow[],
  { listening, active, passive }: ConnectionsByOpener,
  range: PortRange = DEFAULT_RANGE,
): WantedInodes {
  const many = (range.high - range.low + 1) * MUCH_OF_THE_RANGE
  const lasting = new Set<string>()
  const passing = new Set<string>()
  const addTo = (wanted: Set<string>) => (row: InetRow) => row.inode !== '0' && wanted.add(row.inode)
  const add = addTo(lasting)
  for (const row of sockets) {
    if (row.state === TCP_STATE.closeWait) [row, ...listening.at(unmapIp(row.localAddress), row.localPort)].forEach(add)
    else if (row.state === TCP_STATE.listen && row.rxQueueBytes > 0) add(row)
  }
  for (const group of passive) group.listeners.forEach(add)
  for (const { rows, open, openPorts } of active)
    if (openPorts.length >= many) open.forEach(add)
    else if (rows.length > 0) open.forEach(addTo(passing))
  return { lasting, passing }
}

/** CONFIG_HZ, where the kernel shows its configuration. */
function kernelHz(source: ProcSource): number | undefined {
  const config = optional(() => gunzipSync(source.readFile('config.gz')).toString('latin1'))
  const hz = /^CONFIG_HZ=(\d+)$/m.exec(config ?? '')?.[1]
  return hz === undefined ? undefined : Number(hz)
}
