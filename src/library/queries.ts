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
  /** Of a host: another configuration of ssh than the user's own. */
  sshConfig?: string | undefined
  /** Of a host: look as root, by `sudo -n`. */
  become?: boolean | undefined
  /** Of a host: how long its answer may take, connecting included; 30 000 where absent. */
  timeoutMs?: number | undefined
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
  /** Milliseconds from the beginning of one look to the next, 10 at least; 1 000 where absent. */
  interval?: number | undefined
}
