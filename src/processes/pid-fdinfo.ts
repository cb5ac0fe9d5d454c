/**
 * Socket inodes registered with an io_uring, from the fdinfo of the ring: lines `    0: socket:[2221543]` below
 * `UserFiles:`. Source: Linux io_uring/fdinfo.c.
 */
export function parseIoUringSockets(bytes: Buffer): string[] {
  const text = bytes.toString('latin1')
  const from = text.indexOf('UserFiles:')
  if (from === -1) return []
  return [...text.slice(from).matchAll(/^\s+\d+: socket:\[(\d+)\]/gm)].map(match => match[1]!)
}

/** Files in flight to a unix socket (`scm_fds: 1` in its fdinfo, kernel ≥ 5.5). Source: Linux net/unix/af_unix.c. */
export function parseScmFds(bytes: Buffer): number {
  return Number(/^scm_fds:\s*(\d+)/m.exec(bytes.toString('latin1'))?.[1] ?? 0)
}
