import type { DiagnoseDocument, DiagnoseQuery } from '../diagnose/index.ts'
import type { SocketQuery, SocketsDocument } from '../sockets/answer/index.ts'
import type { TimeWaitDocument, TimeWaitQuery } from '../time-wait/index.ts'
import type { ProcessQuery, WatchQuery } from './queries.ts'
import type { ProcessesDocument } from './show/processes-document.ts'
import type { SocketChangesDocument } from './show/socket-changes-document.ts'

/** Stops waiting for the answer: it then fails with the signal's reason. */
export interface Abortable {
  signal?: AbortSignal | undefined
}

/**
 * A machine that runs, or a recording of one, whose facts are asked for. All work is done in a thread of its own; several
 * questions may be asked at a time. What could not be seen is told in the answer (`warnings`, `unreadable`); a method
 * fails where it cannot answer at all.
 */
export interface Machine extends AsyncDisposable {
  /** Sockets and who holds them: what `mynetstat -a --json` prints. */
  sockets(query?: SocketQuery & Abortable): Promise<SocketsDocument>
  /** TIME_WAIT, and what it means: what `tw-stats --json` prints. Takes a second where one look does not tell. */
  timeWait(query?: TimeWaitQuery & Abortable): Promise<TimeWaitDocument>
  /** Every process. */
  processes(query?: ProcessQuery & Abortable): Promise<ProcessesDocument>
  /** What is wrong: what `linsight diagnose --json` prints. Takes five seconds on a machine that runs. */
  diagnose(query?: DiagnoseQuery & Abortable): Promise<DiagnoseDocument>
  /**
   * Looks again and again at the sockets that `sockets()` would give, and yields after each look what has changed. The
   * first look yields all there is, as opened. Ends when `signal` is aborted, or the loop is left. A look that costs much
   * is repeated less often than asked for.
   */
  watch(query?: WatchQuery & Abortable): AsyncGenerator<SocketChangesDocument, void>
  /** Ends the thread; answers that are waited for fail. May be called again. */
  close(): Promise<void>
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
