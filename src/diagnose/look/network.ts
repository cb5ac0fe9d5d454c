import { optional } from '../../errors.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { TCP_TIMER } from '../../kernel/tcp-timer.ts'
import { parseCounters } from '../../proc/net/counters.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { readSocketTables } from '../../sockets/index.ts'
import type { InetRow } from '../../sockets/model.ts'
import type { NetworkLook, TcpLook, UdpLook } from '../observed/sockets.ts'

/** Destinations that are kept. */
const DESTINATIONS = 8

export const DNS_PORT = 53

const NO_PORTS: ReadonlySet<number> = new Set()

/**
 * The sockets of one namespace that something may be wrong with, and its counters. `folder`: `1234/net`; of `ports`
 * every socket is kept.
 */
export function lookAtNetwork(
  source: ProcSource,
  folder: string,
  { tcp: withTcp = true, ports = NO_PORTS }: { tcp?: boolean; ports?: ReadonlySet<number> } = {},
): NetworkLook {
  const { rows } = readSocketTables(source, {
    tables: withTcp ? ['tcp', 'tcp6', 'udp', 'udp6'] : ['udp', 'udp6'],
    littleEndian: source.meta.endian !== 'big',
    folder,
    skipDetails: true,
  })
  const tcp: TcpLook[] = []
  const udp: UdpLook[] = []
  const states: Record<string, number> = {}
  const destinations = new Map<string, [sockets: number, timeWait: number]>()
  for (const row of rows as InetRow[]) {
    if (row.table.startsWith('udp')) {
      udp.push(udpLook(row))
      continue
    }
    states[row.state] = (states[row.state] ?? 0) + 1
    countDestination(destinations, row)
    if (isTcpOfInterest(row) || ports.has(row.localPort)) tcp.push(tcpLook(row))
  }
  return {
    tcp,
    udp,
    states,
    destinations: [...destinations]
      .map(([destination, [sockets, timeWait]]): [string, number, number] => [destination, sockets, timeWait])
      .sort((a, b) => b[1] - a[1])
      .slice(0, DESTINATIONS),
    counters: countersOf(source, folder),
  }
}

function countDestination(
  destinations: Map<string, [sockets: number, timeWait: number]>,
  { state, remoteAddress, remotePort }: InetRow,
): void {
  if (state === TCP_STATE.listen) return
  const key = `${remoteAddress} ${remotePort}`
  const counts = destinations.get(key)
  const waits = state === TCP_STATE.timeWait ? 1 : 0
  if (counts === undefined) destinations.set(key, [1, waits])
  else {
    counts[0] += 1
    counts[1] += waits
  }
}

function isTcpOfInterest({ state, rxQueueBytes, txQueueBytes, timer, inode }: InetRow): boolean {
  switch (state) {
    case TCP_STATE.established:
      // Without an inode it is one that nobody has accepted.
      return inode === '0' || rxQueueBytes > 0 || txQueueBytes > 0 || timer === TCP_TIMER.zeroWindowProbe
    case TCP_STATE.finWait2:
      return inode !== '0'
    default:
      return state !== TCP_STATE.timeWait
  }
}

export function tcpLook(row: InetRow): TcpLook {
  return {
    local: row.localAddress,
    localPort: row.localPort,
    remote: row.remoteAddress,
    remotePort: row.remotePort,
    state: row.state,
    rxQueue: row.rxQueueBytes,
    txQueue: row.txQueueBytes,
    ...(row.acceptQueueLimit !== undefined && { limit: row.acceptQueueLimit }),
    timer: row.timer,
    retransmits: row.retransmits,
    ...(row.probes > 0 && { probes: row.probes }),
    inode: row.inode,
    uid: row.uid,
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
