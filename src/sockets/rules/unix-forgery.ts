import type { UnixRow } from '../tables/unix-row.ts'

/** Evidence that can prove a row of /proc/net/unix genuine. */
export interface UnixEvidence {
  /** Exact count of unix sockets in the namespace, from /proc/net/protocols. */
  socketCount: number | undefined
  /** Whether a process holds the inode. */
  isHeld(inode: string): boolean
}

/**
 * The rows that may be forged: their text fits into the name above them, the kernel's own count of unix sockets is lower
 * than the number of rows, and no process holds their inode, or another row has the same.
 */
export function unverifiedUnixRows(rows: readonly UnixRow[], evidence: UnixEvidence): Set<UnixRow> {
  if (evidence.socketCount === rows.length) return new Set()
  const inodes = countBy(rows, row => row.inode)
  const pointers = countBy(rows, row => row.pointer)
  return new Set(
    rows.filter(row => {
      const isUnique =
        pointers.get(row.pointer) === 1 &&
        row.pointer !== undefined &&
        !/^0+$/.test(row.pointer) &&
        (row.inode === '0' || inodes.get(row.inode) === 1)
      return row.mayBeForged && !(isUnique && evidence.isHeld(row.inode))
    }),
  )
}

function countBy<T, Key>(items: readonly T[], key: (item: T) => Key): Map<Key, number> {
  const counts = new Map<Key, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}
