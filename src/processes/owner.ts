import type { ProcessFacts, ProcessName } from './process-facts.ts'

/** How a process holds a socket. */
export type HeldBy =
  | 'fd'
  /** A file descriptor of one thread that no longer shares the table of its process. */
  | 'thread'
  /** Registered with an io_uring: no descriptor at all. */
  | 'io_uring'

/** One process that has a socket open. */
export interface Owner {
  process: ProcessFacts
  heldBy: HeldBy
  fds: number[]
  /** Threads, where `heldBy` is `thread`. */
  tids?: number[] | undefined
}

/** Inode of a socket → the processes that have it open; an inode without a known owner is absent. */
export type SocketOwners = ReadonlyMap<string, readonly ProcessName[]>
