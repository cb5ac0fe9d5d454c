import { write } from 'node:fs'
import { errnoOf } from '../errors.ts'
import { StreamError } from './guard-streams.ts'

const STDOUT = 1
/** Output is dropped when the reader is this far behind, so that the tracer never waits for it. */
const MOST_WAITING_CHARACTERS = 64 * 1024 * 1024
const CHUNK_CHARACTERS = 256 * 1024
const RETRY_MS = 5
/** How long text may wait for more. */
const GATHER_MS = 20

/** A writer to stdout that never blocks. */
export interface AsyncStdout {
  write(text: string): void
  /** How many pieces were not written because the reader was too far behind. */
  readonly dropped: number
  /**
   * Resolves when all is written, or the reader is gone.
   *
   * @throws StreamError where it cannot be written for another reason: a full disk
   */
  end(): Promise<void>
}

/**
 * Writes to stdout from another thread. `process.stdout` blocks on pipes and terminals: a reader that stops for a second
 * (a pager, a slow terminal) would stop us from reading the tracer, and the kernel would throw events away. `onClosed`
 * without a failure: the reader went away.
 */
export function asyncStdout(onClosed: (failure: StreamError | undefined) => void): AsyncStdout {
  let waiting = ''
  let dropped = 0
  let closed = false
  let failure: StreamError | undefined
  let writing: Promise<void> | undefined
  let ending = false
  let hurry = () => {}

  const writeChunk = (bytes: Buffer, from = 0): Promise<void> =>
    new Promise(resolve =>
      write(STDOUT, bytes, from, bytes.length - from, null, (error, written) => {
        if (error === null && from + written < bytes.length) resolve(writeChunk(bytes, from + written))
        else if (error !== null && errnoOf(error) === 'EAGAIN') {
          setTimeout(() => resolve(writeChunk(bytes, from)), RETRY_MS)
        } else {
          if (error !== null) {
            closed = true
            waiting = ''
            if (errnoOf(error) !== 'EPIPE') failure = new StreamError('stdout', error)
            onClosed(failure)
          }
          resolve()
        }
      }),
    )

  async function drain(): Promise<void> {
    while (waiting !== '') {
      // A tracer hands out a few records at a time; a system call for each of them would cost more than the records.
      if (waiting.length < CHUNK_CHARACTERS && !ending) {
        await new Promise<void>(resolve => {
          hurry = resolve
          setTimeout(resolve, GATHER_MS)
        })
      }
      const chunk = waiting.slice(0, CHUNK_CHARACTERS)
      waiting = waiting.slice(chunk.length)
      await writeChunk(Buffer.from(chunk, 'utf8'))
    }
    writing = undefined
  }

  return {
    write(text) {
      if (closed || text === '') return
      if (waiting.length + text.length > MOST_WAITING_CHARACTERS) {
        dropped += 1
        return
      }
      waiting += text
      writing ??= drain()
    },
    get dropped() {
      return dropped
    },
    async end() {
      ending = true
      hurry()
      await writing
      ending = false
      if (failure !== undefined) throw failure
    },
  }
}
