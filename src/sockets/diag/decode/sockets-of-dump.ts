import type { SocketRow } from '../../tables/socket-row.ts'
import { inetSockets, type DumpedSockets } from './inet-sockets.ts'
import { netlinkSockets } from './netlink-sockets.ts'
import { packetSockets } from './packet-sockets.ts'
import type { SocketDump } from './socket-dump.ts'
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
