import type { MessagePort } from 'node:worker_threads'

/** What both threads of the search for owners know: which place of the shared array says what, and what they send. */

/** Places in {@link OwnerThreadData.control}, each 0 until it happened. */
export const GO = 0
export const DONE = 1
export const TABLES_READ = 2
export const CONTROL_PLACES = 3

/** Values of {@link Orders.claims}. */
export const UNCLAIMED = 0
export const CLAIMED = 1

export interface OwnerThreadData {
  port: MessagePort
  control: Int32Array
}

export interface Orders {
  /** Processes as /proc names them. */
  names: readonly string[]
  /** One for each process, claimed by the thread that reads it. */
  claims: Int32Array
}

/** What the thread read of one process. */
export interface ProcessShare {
  name: string
  /** It was read before the tables were: a socket may have come to it since. */
  early: boolean
  /** Why it was refused, and whether its folder was refused, not a link in it. */
  failure?: { code: string; ofFolder: boolean }
  /** Descriptor and inode in turn. */
  sockets: Float64Array
  /** Links that need a closer look: descriptor and target in turn. */
  others: string[]
}
