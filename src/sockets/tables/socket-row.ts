import type { InetRow, InetTable } from './inet-row.ts'
import type { NetlinkRow } from './netlink-row.ts'
import type { PacketRow } from './packet-row.ts'
import type { SctpRow } from './sctp-row.ts'
import type { UnixRow } from './unix-row.ts'

/** Every kind of row a table of /proc/net holds, distinguished by `table`. */
export type SocketRow = InetRow | UnixRow | PacketRow | NetlinkRow | SctpRow

/** The `table` of a {@link SocketRow}; by its words, so that declarations for programs need no rows. */
export type TableName = InetTable | 'unix' | 'packet' | 'netlink' | 'sctp'

/** Sockets of a stream, datagram or raw internet protocol. */
export function isInetRow(row: SocketRow): row is InetRow {
  return row.table !== 'unix' && row.table !== 'packet' && row.table !== 'netlink' && row.table !== 'sctp'
}

export function isUnixRow(row: SocketRow): row is UnixRow {
  return row.table === 'unix'
}
