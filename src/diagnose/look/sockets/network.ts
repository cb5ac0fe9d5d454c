import { optional } from '../../../errors.ts'
import { parseCounters } from '../../../proc/net/counters.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { forEachTcp, readDump, readSocketTables } from '../../../sockets/index.ts'
import type { InetRow } from '../../../sockets/model.ts'
import type { NetworkLook, UdpLook } from '../../observed/sockets.ts'
import { passingRow, tcpTally } from './tcp-tally.ts'

export const DNS_PORT = 53

const TCP_TABLES = ['tcp', 'tcp6'] as const

const NO_PORTS: ReadonlySet<number> = new Set()

/** Facts of UDP sockets that only the kernel knows are not asked for. */
const NO_TABLES: ReadonlySet<never> = new Set()

/**
 * The sockets of one namespace that something may be wrong with, and its counters. `folder`: `1234/net`; of `ports`
 * every socket is kept.
 */
export function lookAtNetwork(
  source: ProcSource,
  folder: string,
  { tcp: withTcp = true, ports = NO_PORTS }: { tcp?: boolean; ports?: ReadonlySet<number> } = {},
): NetworkLook {
  const littleEndian = source.meta.endian !== 'big'
  const tally = tcpTally(ports)
  if (withTcp) {
    const asked = source.dumpSockets && optional(() => TCP_TABLES.map(table => readDump(source, table, {}, folder)))
    for (const dump of asked ?? []) forEachTcp(dump, socket => tally.take(socket))
    if (asked === undefined) {
      const { rows } = readSocketTables(source, { tables: TCP_TABLES, littleEndian, folder, skipDetails: true })
      for (const row of rows as InetRow[]) tally.take(passingRow(row))
    }
  }
  const { rows } = readSocketTables(source, {
    tables: ['udp', 'udp6'],
    littleEndian,
    folder,
    skipDetails: true,
    shownTables: NO_TABLES,
  })
  return {
    ...tally.total(),
    udp: (rows as InetRow[]).map(udpLook),
    counters: countersOf(source, folder),
  }
}

function udpLook(row: InetRow): UdpLook {
  return {
    local: row.localAddress,
    localPort: row.localPort,
    remote: row.remoteAddress,
    remotePort: row.remotePort,
    rxQueue: row.rxQueueBytes,
    drops: row.drops ?? 0,
    inode: row.inode,
  }
}

/** UDP sockets that wait for an answer of a name server: `inode remote`. */
export function lookupsOf(source: ProcSource, folder: string): string[] {
  const { rows } = readSocketTables(source, {
    tables: ['udp', 'udp6'],
    littleEndian: source.meta.endian !== 'big',
    folder,
    singleRead: true,
  })
  return (rows as InetRow[])
    .filter(({ remotePort }) => remotePort === DNS_PORT)
    .map(({ inode, remoteAddress }) => `${inode} ${remoteAddress}`)
}

/** Counters that the rules ask for, of net/netstat and net/snmp. */
const COUNTERS: Readonly<Record<string, readonly string[]>> = {
  TcpExt: [
    'ListenOverflows',
    'ListenDrops',
    'TCPReqQFullDoCookies',
    'TCPReqQFullDrop',
    'SyncookiesSent',
    'TCPSynRetrans',
    'TCPTimeouts',
    'TCPTimeWaitOverflow',
    'TCPAbortOnMemory',
    'PruneCalled',
  ],
  Tcp: ['RetransSegs', 'OutSegs', 'ActiveOpens', 'PassiveOpens', 'AttemptFails'],
  Udp: ['RcvbufErrors', 'InDatagrams', 'NoPorts'],
  Icmp: ['InDestUnreachs'],
}

function countersOf(source: ProcSource, folder: string): Record<string, number> {
  const counters: Record<string, number> = {}
  for (const file of ['netstat', 'snmp']) {
    const known = optional(() => parseCounters(source.readFile(`${folder}/${file}`)))
    for (const [protocol, names] of Object.entries(COUNTERS)) {
      for (const name of names) {
        const value = known?.get(protocol)?.get(name)
        if (value !== undefined) counters[name] = value
      }
    }
  }
  return counters
}
