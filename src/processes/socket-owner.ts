/** A process that has a socket open. */
export interface SocketHolder {
  pid: number
  /** Short name as the kernel keeps it (comm), a byte string: may hold any byte. */
  program: string
}

/** Inode of a socket → who holds it; an inode nobody was found for is absent. */
export type SocketHolders = ReadonlyMap<string, readonly SocketHolder[]>
