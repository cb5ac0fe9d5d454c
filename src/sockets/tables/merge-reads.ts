import type { InetRow } from './inet-row.ts'

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
  if (new Set(rows.map(identityOf)).size === rows.length) return { rows, duplicates: 0 }
  const places = new Map<string, number>()
  const merged: InetRow[] = []
  for (const row of rows) {
    const identity = identityOf(row)
    const place = places.get(identity)
    if (place !== undefined && isSameSocket(merged[place]!, row)) {
      merged[place] = row
    } else {
      if (place === undefined) places.set(identity, merged.length)
      merged.push(row)
    }
  }
  return { rows: merged, duplicates: rows.length - merged.length }
}

/** The inode; without one the kernel's pointer; without that (old kernels) the addresses and the state. */
function identityOf(row: InetRow): string {
  if (row.inode !== '0') return row.inode
  return row.pointer ?? `${row.localAddress} ${row.localPort} ${row.remoteAddress} ${row.remotePort} ${row.state}`
}

function isSameSocket(a: InetRow, b: InetRow): boolean {
  return (
    a.table === b.table &&
    a.pointer === b.pointer &&
    a.localPort === b.localPort &&
    a.localAddress === b.localAddress &&
    // A udp socket may connect between two reads.
    (a.inode !== '0' || (a.remotePort === b.remotePort && a.remoteAddress === b.remoteAddress))
  )
}

/**
 * What several reads of one changing table tell together: each read misses other rows and shows some that are gone.
 * A row counts if it stood in the last read or in at least two; the newest reading of it wins.
 */
export class RepeatedReads {
  readonly #seen = new Map<string, { row: InetRow; reads: number; last: number }>()
  #reads = 0

  /** Takes one more read of the table and returns how many rows in it were new. */
  add(rows: InetRow[]): number {
    this.#reads += 1
    let added = 0
    for (const row of mergeReads(rows).rows) {
      const key = `${identityOf(row)} ${row.localAddress} ${row.localPort}`
      const known = this.#seen.get(key)
      if (known === undefined) {
        this.#seen.set(key, { row, reads: 1, last: this.#reads })
        added += 1
      } else {
        known.row = row
        known.reads += 1
        known.last = this.#reads
      }
    }
    return added
  }

  rows(): InetRow[] {
    return [...this.#seen.values()].filter(({ reads, last }) => reads > 1 || last === this.#reads).map(({ row }) => row)
  }
}
