import type { ProcessFacts } from './process.ts'

/** How a process holds a socket. */
export type HeldBy =
  | 'fd'
  /** A file descriptor of one thread that left the table the others share. */
  | 'thread'
  /** Registered with an io_uring: no descriptor at all. */
  | 'io_uring'

/** One process that holds a socket. */
export interface Owner {
  process: ProcessFacts
  heldBy: HeldBy
  fds: number[]
  /** Threads, where `heldBy` is `thread`. */
  tids?: number[] | undefined
}

/** A process that has a socket open. */
export interface SocketHolder {
  pid: number
  /** Short name as the kernel keeps it (comm), a byte string: may hold any byte. */
  program: string
}

/** Inode of a socket → who holds it; an inode nobody was found for is absent. */
export type SocketHolders = ReadonlyMap<string, readonly SocketHolder[]>
