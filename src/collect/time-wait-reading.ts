import { gunzipSync } from 'node:zlib'
import { errnoOf } from '../errors.ts'
import { connectionsOf, wantedInodes, type Connections } from '../analyse/time-wait-report.ts'
import type { InetRow } from '../model/inet-row.ts'
import type { Remark } from '../model/remark.ts'
import type { TcpCounters } from '../model/time-wait.ts'
import type { TimeWaitReading } from '../model/time-wait-reading.ts'
import { parseMiniSockets } from '../parse/mini-sockets.ts'
import { parseCounters } from '../parse/proc-net-counters.ts'
import { parseInetTable } from '../parse/proc-net-tcp.ts'
import { parseSockstat } from '../parse/proc-net-sockstat.ts'
import type { ProcSource } from '../source/proc-source.ts'
import { readPortSettings } from './port-settings.ts'
import { socketHolders } from './socket-holders.ts'

export interface TimeWaitLook {
  reading: TimeWaitReading
  connections: Connections
  remarks: Remark[]
  /** Path below /proc → errno name. */
  unreadable: Record<string, string>
}

const TABLES = ['tcp', 'tcp6'] as const

/** One look at the network namespace of `source`: tables between two reads of sockstat, counters, settings, holders. */
export function readTimeWait(source: ProcSource): TimeWaitLook {
  const remarks: Remark[] = []
  const unreadable: Record<string, string> = {}
  const read = (path: string): Buffer | undefined => {
    try {
      return source.readFile(path)
    } catch (error) {
      unreadable[path] = errnoOf(error)
      return undefined
    }
  }
  const gauge = () => {
    const bytes = read('net/sockstat')
    return bytes && parseSockstat(bytes).get('TCP')?.get('tw')
  }

  const live = source.kind === 'live'
  const before = live ? gauge() : undefined
  const texts = TABLES.map(table => read(`net/${table}`))
  const sockstat = gauge()
  const littleEndian = source.meta.endian !== 'big'
  const { minis, duplicates, find, rest } = parseMiniSockets(
    texts.map(text => text ?? Buffer.alloc(0)),
    littleEndian,
  )
  const tables = rest.map((bytes, i) => parseInetTable(bytes, TABLES[i]!, littleEndian))
  const sockets = distinctSockets(tables.flatMap(table => table.rows))
  const bogus = tables.flatMap(table => table.bogus)
  const cut = TABLES.filter((_, i) => isCut(texts[i]))
  const settings = readPortSettings(source)
  const known = {
    minis,
    find,
    duplicates: duplicates + sockets.duplicates,
    sockets: sockets.rows,
    // A host without IPv6 has no tcp6, and misses nothing.
    incomplete: texts[0] === undefined || cut.length > 0 || bogus.length > 0,
    sockstatBefore: before ?? sockstat,
    sockstat,
    counters: readCounters(read),
    settings,
    userHz: source.meta.userHz,
    hz: kernelHz(source),
  }
  if (unreadable['net/tcp6'] === 'ENOENT') delete unreadable['net/tcp6']

  const connections = connectionsOf(known)
  const scan = socketHolders(source, wantedInodes(known.sockets, connections.sides), source.meta.netns)
  const reading = { ...known, holders: scan.holders }
  remarks.push(...doubts(reading, source, { cut, bogus: bogus.length, missing: Object.keys(unreadable) }))
  if (scan.unreadable > 0)
    remarks.push({
      code: 'owners-unreadable',
      message: `the sockets of ${scan.unreadable} of ${scan.processes} processes could not be seen, so owners may be missing`,
      hint: 'run it as root, or give the program the right once: setcap cap_sys_ptrace,cap_dac_read_search+ep on a node of its own',
    })
  return { reading, connections, remarks, unreadable }
}

/** Sockets of one connection may be told twice while the table changes; listeners that share a port are several. */
function distinctSockets(rows: InetRow[]): { rows: InetRow[]; duplicates: number } {
  const latest = new Map<string, InetRow>()
  rows.forEach((row, at) => {
    const key =
      row.remotePort === 0
        ? String(at)
        : `${row.localAddress} ${row.localPort} ${row.remoteAddress} ${row.remotePort}`
    latest.set(key, row)
  })
  return { rows: [...latest.values()], duplicates: rows.length - latest.size }
}

/** The kernel ends every line with a newline: a table without one at its end was cut short. */
function isCut(text: Buffer | undefined): boolean {
  return text !== undefined && text.length > 0 && text.at(-1) !== 0x0a
}

function readCounters(read: (path: string) => Buffer | undefined): TcpCounters {
  const netstat = read('net/netstat')
  const snmp = read('net/snmp')
  const ext = netstat && parseCounters(netstat).get('TcpExt')
  const tcp = snmp && parseCounters(snmp).get('Tcp')
  return {
    born: ext?.get('TW'),
    bornShort: ext?.get('TWKilled'),
    recycled: ext?.get('TWRecycled'),
    overflowed: ext?.get('TCPTimeWaitOverflow'),
    pawsTimeWait: ext?.get('PAWSTimewait'),
    pawsEstablished: ext?.get('PAWSEstab'),
    abortOnData: ext?.get('TCPAbortOnData'),
    listenOverflows: ext?.get('ListenOverflows'),
    listenDrops: ext?.get('ListenDrops'),
    activeOpens: tcp?.get('ActiveOpens'),
    passiveOpens: tcp?.get('PassiveOpens'),
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
  source: ProcSource,
  found: { cut: readonly string[]; bogus: number; missing: readonly string[] },
): Remark[] {
  const remarks: Remark[] = []
  const { missing } = found
  if (missing.includes('net/tcp'))
    remarks.push({ code: 'tables-missing', message: 'net/tcp could not be read: what is said rests on the counters alone' })
  for (const table of found.cut)
    remarks.push({
      code: 'table-cut',
      message: `net/${table} ends in the middle of a line: it was cut short, so every count from it is a lower bound`,
    })
  if (found.bogus > 0)
    remarks.push({ code: 'lines-skipped', message: `${found.bogus} lines of net/tcp and net/tcp6 are no socket rows and were passed over` })
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
  if (source.meta.endian === undefined && looksSwapped(reading))
    remarks.push({
      code: 'byte-order',
      message: 'addresses look as if they came from a big-endian machine (1.0.0.127 for 127.0.0.1)',
      hint: 'say so with --endian big',
    })
  if (reading.minis.length > 0 && reading.userHz === undefined && longestTicks(reading) > 6000 && reading.settings.twTimeoutS === undefined)
    remarks.push({
      code: 'user-hz-unknown',
      message: `timers run to ${longestTicks(reading)} ticks: either TIME_WAIT is longer than 60 s there or a tick is shorter than 1/100 s; history and forecast are left out`,
      hint: 'a snapshot made by linsight snapshot save tells which',
    })
  return remarks
}

function looksSwapped({ minis, sockets }: TimeWaitReading): boolean {
  const addresses = [...minis.addresses, ...sockets.map(row => row.localAddress)]
  return (
    addresses.some(address => address === '1.0.0.127' || address.endsWith(':1.0.0.127')) &&
    !addresses.some(address => address.startsWith('127.'))
  )
}

function longestTicks({ minis }: TimeWaitReading): number {
  let longest = 0
  for (let row = 0; row < minis.length; row += 1) longest = Math.max(longest, minis.ticks[row]!)
  return longest
}
