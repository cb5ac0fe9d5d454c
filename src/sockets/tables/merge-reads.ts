import type { InetRow } from './inet-row.ts'
import { socketIdentity } from './tcp-row.ts'

export interface MergedRows {
  rows: InetRow[]
  duplicates: number
}

/**
 * Removes rows that stand for one and the same socket: a table that changes while it is read repeats some. The later
 * reading of a row wins, at the place of the first.
 *
 * Never by addresses alone: two sockets may be bound to the same port (SO_REUSEPORT). Rows that share an inode but not
 * their addresses are different sockets of an odd table and all kept.
 */
export function mergeReads(rows: InetRow[]): MergedRows {
  if (new Set(rows.map(quickIdentity)).size === rows.length) return { rows, duplicates: 0 }
  const places = new Map<string, number>()
  const merged: InetRow[] = []
  for (const row of rows) {
    const identity = quickIdentity(row)
    const place = places.get(identity)
    if (place !== undefined && inetIdentity(merged[place]!) === inetIdentity(row)) {
      merged[place] = row
    } else {
      if (place === undefined) places.set(identity, merged.length)
      merged.push(row)
    }
  }
  return { rows: merged, duplicates: rows.length - merged.length }
}

/** A part of {@link inetIdentity} that costs nothing to make: where it differs, the sockets do. */
function quickIdentity(row: InetRow): string {
  return row.inode !== '0' ? row.inode : (row.pointer ?? inetIdentity(row))
}

export function inetIdentity(row: InetRow): string {
  return socketIdentity({
    local: `${row.localAddress} ${row.localPort}`,
    remote: `${row.remoteAddress} ${row.remotePort}`,
    state: row.state,
    inode: row.inode,
    pointer: row.pointer,
  })
}

/** A torn table is read until two reads in a row bring nothing new, at most so often. */
const MAX_READS = 12

/**
 * The rows of several reads of one changing table: each read misses other rows and shows some that are gone.
 * A row counts if it stood in the last read or in at least two; its newest reading wins.
 */
export function readRepeatedly<Row>(
  first: readonly Row[],
  readAgain: () => readonly Row[],
  identityOf: (row: Row) => string,
): Row[] {
  const seen = new Map<string, { row: Row; reads: number; last: number }>()
  let read = 1
  const add = (rows: readonly Row[]): boolean => {
    const before = seen.size
    for (const row of rows) {
      const identity = identityOf(row)
      const known = seen.get(identity)
      if (known === undefined) seen.set(identity, { row, reads: 1, last: read })
      else {
        known.row = row
        if (known.last !== read) known.reads += 1
        known.last = read
      }
    }
    return seen.size > before
  }
  add(first)
  for (let quiet = 0; quiet < 2 && read < MAX_READS;) {
    read += 1
    quiet = add(readAgain()) ? 0 : quiet + 1
  }
  return [...seen.values()].filter(row => row.reads > 1 || row.last === read).map(({ row }) => row)
}

/** The kernel finds its place in these by counting from the start at every read(), so a change makes it skip rows. */
export const LOSSY_TABLES: ReadonlySet<string> = new Set(['udp', 'udp6', 'udplite', 'udplite6'])

/** A read() hands out at most a page; up to so many rows (128 bytes each) come in one piece and cannot be torn. */
const ROWS_IN_ONE_READ = 31

/** Whether rows may be missing from a single read of a lossy table: it took several read() calls, or repeats a row. */
export function mayBeTorn(rows: number, distinctRows: number): boolean {
  return rows > ROWS_IN_ONE_READ || distinctRows < rows
}
