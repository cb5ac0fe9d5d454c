import type { Endianness } from '../proc/proc-source.ts'
import type { SocketQuery } from '../sockets/answer/index.ts'

/** Whose facts are asked for. */
export interface OpenRequest {
  /** A recording. */
  from?: string | undefined
  /** Byte order of the recorded machine, where the recording does not tell. */
  endian?: Endianness | undefined
  /** Another machine, read once over the user's own ssh, as `--host` does: nothing has to be installed there. */
  host?: string | undefined
}

/** What a program asks of processes. */
export interface ProcessQuery {
  /** Only these; one that is not there is left out. */
  pid?: number | readonly number[] | undefined
  /** Threads of the kernel, too. */
  kernelThreads?: boolean | undefined
}

/** What a program watches: the sockets of a query, again and again. */
export interface WatchQuery extends SocketQuery {
  /** Milliseconds from the beginning of one look to the next; 1 000 where absent. */
  interval?: number | undefined
}
