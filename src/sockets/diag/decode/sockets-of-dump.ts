import type { InetRow, InetTable } from '../../tables/inet-row.ts'
import type { SocketRow } from '../../tables/socket-row.ts'
import { INET_AT, InetReader } from './inet-reader.ts'
import { inetSockets, type DumpedSockets } from './inet-sockets.ts'
import { netlinkSockets } from './netlink-sockets.ts'
import { packetSockets } from './packet-sockets.ts'
import type { SocketDump } from './socket-dump.ts'
import type { DumpEnd } from './wire.ts'
import { unixSockets } from './unix-sockets.ts'

/** Rows and facts of a dump of any family. */
export function socketsOfDump(dump: SocketDump): DumpedSockets<SocketRow> {
  switch (dump.family) {
    case 'unix':
      return unixSockets(dump)
    case 'packet':
      return packetSockets(dump)
    case 'netlink':
      return netlinkSockets(dump)
    default:
      return inetSockets(dump)
  }
}

/** One socket of a dump while it is visited; it is another one afterwards. */
export interface VisitedSocket {
  readonly state: number
  readonly rxQueueBytes: number
  /** Of a listener the limit of its accept queue, as the kernel says it. */
  readonly txQueueBytes: number
  readonly timer: number
  /** A file stands for it. */
  readonly isHeld: boolean
  readonly localPort: number
  readonly remotePort: number
  readonly remoteAddress: string
  /** All of it, to be kept. */
  row(): InetRow
}

/** Visits the internet sockets of a dump one by one: of most only their numbers are read, and none is kept. */
export function visitSockets({ family, wire, userHz }: SocketDump, visit: (socket: VisitedSocket) => void): DumpEnd {
  const reader = new InetReader(wire, family as InetTable, userHz)
  let at = 0
  const socket: VisitedSocket = {
    get state() {
      return wire.u8(at + INET_AT.state)
    },
    get rxQueueBytes() {
      return wire.u32(at + INET_AT.rxQueue)
    },
    get txQueueBytes() {
      return wire.u32(at + INET_AT.txQueue)
    },
    get timer() {
      return wire.u8(at + INET_AT.timer)
    },
    get isHeld() {
      return wire.u32(at + INET_AT.inode) !== 0
    },
    get localPort() {
      return wire.port(at + INET_AT.localPort)
    },
    get remotePort() {
      return wire.port(at + INET_AT.remotePort)
    },
    get remoteAddress() {
      return reader.address(at + INET_AT.remote)
    },
    row: () => reader.row(at),
  }
  return reader.forEach(place => {
    at = place
    visit(socket)
  })
}
