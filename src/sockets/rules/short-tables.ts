import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { ShortTable } from '../model.ts'
import { isTimeWaitSocket } from '../tables/inet-row.ts'
import { isInetRow, type SocketRow, type TableName } from '../tables/socket-row.ts'

/** Lines of /proc/net/protocols that count the sockets of a table. */
const PROTOCOLS: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  tcp: ['TCP'],
  tcp6: ['TCPv6'],
  udp: ['UDP'],
  udp6: ['UDPv6'],
  udplite: ['UDP-Lite'],
  udplite6: ['UDPLITEv6'],
  raw: ['RAW'],
  raw6: ['RAWv6'],
  unix: ['UNIX', 'UNIX-STREAM'],
}

/** Sockets that came and went between the counts, as a part of them, before a table counts as short. */
const TOLERANCE = 0.01

/**
 * Tables that lack rows by the kernel's own counts (`before` and `after` they were read): a table that changes while it is
 * read loses some. As many as came or went meanwhile, and 1 %, may be missing without a word.
 */
export function shortTables(
  tables: Iterable<TableName>,
  sockets: readonly SocketRow[],
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): ShortTable[] {
  const rows = new Map<TableName, number>()
  for (const row of sockets) if (isCounted(row)) rows.set(row.table, (rows.get(row.table) ?? 0) + 1)
  return [...tables].flatMap(table => {
    const counts = [before, after].map(protocols => countOf(protocols, table))
    const [first, last] = counts
    if (first === undefined || last === undefined) return []
    const counted = Math.min(first, last)
    const found = rows.get(table) ?? 0
    const allowed = Math.max(1, Math.abs(last - first), counted * TOLERANCE)
    return counted - found > allowed ? [{ table, rows: found, counted }] : []
  })
}

/** Not counted as sockets: what is left of closed connections, and those whose handshake is not done. */
function isCounted(row: SocketRow): boolean {
  if (!isInetRow(row) || !row.table.startsWith('tcp')) return true
  return !isTimeWaitSocket(row) && !(row.state === TCP_STATE.synRecv && row.inode === '0')
}

function countOf(protocols: ReadonlyMap<string, number>, table: TableName): number | undefined {
  const counts = (PROTOCOLS[table] ?? []).flatMap(name => protocols.get(name) ?? [])
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0)
}
