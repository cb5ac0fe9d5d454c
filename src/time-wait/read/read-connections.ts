import { gunzipSync } from 'node:zlib'
import { errnoOf } from '../../errors.ts'
import { connectionsOf, wantedInodes, type Connections } from '../rules/report.ts'
import { programName } from '../../processes/process.ts'
import type { SocketHolder, SocketHolders } from '../../processes/owner.ts'
import type { Warning } from '../../warnings.ts'
import type { TimeWaitReading } from './reading.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { readPortSettings } from './read-port-settings.ts'
import { scanHolders, type HolderScan } from '../../processes/socket-owners.ts'
import { OwnerNames } from '../../processes/owner-names.ts'
import { readTcpCounters } from './tcp-counters.ts'
import { mergeReads, readTcpTables } from '../../sockets/index.ts'

export interface TimeWaitLook {
  reading: TimeWaitReading
  connections: Connections
  remarks: Warning[]
  /** Path below /proc → errno name. */
  unreadable: Record<string, string>
}

/** One look at the network namespace of `source`: tables between two reads of sockstat, counters, settings, holders. */
export function readTimeWait(source: ProcSource, scan = () => scanHolders(source)): TimeWaitLook {
  const remarks: Warning[] = []
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
  const { timeWait: minis, cut, bogus } = tables
  const sockets = mergeReads(tables.rows)
  const settings = readPortSettings(source)
  const known = {
    minis,
    find: tables.find,
    duplicates: tables.duplicates + sockets.duplicates,
    sockets: sockets.rows,
    // A host without IPv6 has no tcp6, and misses nothing.
    incomplete: unreadable['net/tcp'] !== undefined || cut.length > 0 || bogus.length > 0,
    sockstatBefore: tables.sockstatBefore,
    sockstat: tables.sockstat,
    counters: readTcpCounters(read),
    settings,
    userHz: source.meta.userHz,
    hz: kernelHz(source),
  }
  if (unreadable['net/tcp6'] === 'ENOENT') delete unreadable['net/tcp6']

  const connections = connectionsOf(known)
  const { holders, remark } = holdersOf(source, wantedInodes(known.sockets, connections), scan)
  const reading = { ...known, holders }
  remarks.push(...doubts(reading, { cut, bogus: bogus.length, missing: Object.keys(unreadable) }))
  if (tables.isByteOrderAssumed && minis.length > 0)
    remarks.push({
      code: 'byte-order-assumed',
      message: 'the recording does not tell its byte order, taken to be little-endian: addresses may read backwards',
      hint: 'say it with --endian',
    })
  if (remark !== undefined) remarks.push(remark)
  return { reading, connections, remarks, unreadable }
}

/** Who holds these sockets; the descriptors of all processes are only looked through where there is someone to name. */
function holdersOf(
  source: ProcSource,
  wanted: ReadonlySet<string>,
  scanAll: () => HolderScan,
): { holders: SocketHolders; remark?: Warning } {
  const holders = new Map<string, SocketHolder[]>()
  if (wanted.size === 0) return { holders }
  const scan = scanAll()
  const names = new OwnerNames(source, scan, 'name')
  for (const inode of wanted) {
    const owners = names.of(inode)
    if (owners.length > 0)
      holders.set(
        inode,
        owners.map(owner => ({ pid: owner.process.pid, program: programName(owner.process) })),
      )
  }
  const refused = [...scan.unreadable.values()].reduce((sum, count) => sum + count, 0)
  if (refused === 0 || holders.size === wanted.size) return { holders }
  return {
    holders,
    remark: {
      code: 'processes-unreadable',
      message: `the sockets of ${refused} of ${refused + scan.processes} processes could not be seen, so ${wanted.size - holders.size} of ${wanted.size} sockets have no owner here`,
      hint: `run it as root, or let node do it: sudo setcap cap_sys_ptrace,cap_dac_read_search+ep ${process.execPath}`,
    },
  }
}

/** CONFIG_HZ, where the kernel shows its configuration. */
function kernelHz(source: ProcSource): number | undefined {
  try {
    const match = /^CONFIG_HZ=(\d+)$/m.exec(gunzipSync(source.readFile('config.gz')).toString('latin1'))
    return match ? Number(match[1]) : undefined
  } catch {
    return undefined
  }
}

function doubts(
  reading: TimeWaitReading,
  found: { cut: readonly string[]; bogus: number; missing: readonly string[] },
): Warning[] {
  const remarks: Warning[] = []
  const { missing } = found
  if (missing.includes('net/tcp'))
    remarks.push({
      code: 'tables-missing',
      message: 'net/tcp could not be read: what is said rests on the counters alone',
    })
  for (const table of found.cut)
    remarks.push({
      code: 'table-cut',
      message: `net/${table} ends in the middle of a line: it was cut short, so every count from it is a lower bound`,
    })
  if (found.bogus > 0)
    remarks.push({
      code: 'lines-skipped',
      message: `${found.bogus} lines of net/tcp and net/tcp6 are no socket rows and were passed over`,
    })
  for (const [path, what] of [
    ['net/sockstat', 'whether the rows are all there cannot be checked'],
    ['net/netstat', 'births, takeovers and overflows are not known'],
    ['net/snmp', 'the number of opened connections is not known'],
  ] as const)
    if (missing.includes(path)) remarks.push({ code: 'file-missing', message: `${path} could not be read: ${what}` })
  if (reading.settings.range === undefined || reading.settings.reserved === undefined)
    remarks.push({
      code: 'settings-unknown',
      message:
        'ip_local_port_range and ip_local_reserved_ports of this namespace are not known: neither capacity nor forecast can be told',
      hint: 'record them with the rest: sysctl -a >sysctl',
    })
  if (
    reading.minis.length > 0 &&
    reading.userHz === undefined &&
    longestTicks(reading) > 6000 &&
    reading.settings.twTimeoutS === undefined
  )
    remarks.push({
      code: 'user-hz-unknown',
      message: `timers run to ${longestTicks(reading)} ticks: either TIME_WAIT is longer than 60 s there or a tick is shorter than 1/100 s; history and forecast are left out`,
      hint: 'a snapshot made by linsight snapshot save tells which',
    })
  return remarks
}

function longestTicks({ minis }: TimeWaitReading): number {
  let longest = 0
  for (let row = 0; row < minis.length; row += 1) longest = Math.max(longest, minis.ticks[row]!)
  return longest
}
