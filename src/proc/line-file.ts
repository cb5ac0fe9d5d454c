import { createWriteStream, openSync } from 'node:fs'
import { errnoOf, InputError, LinsightError } from '../errors.ts'
import { openBytes } from './open-bytes.ts'
import { splitLines } from './line-splitter.ts'

const BATCH_CHARACTERS = 64 * 1024
/** Traces hold what others typed and opened. */
const PRIVATE = 0o600

/** Writes lines, byte strings, to a file in large pieces. */
export interface LineWriter {
  line(line: string): void
  /** Gives what is there to the system, so that it survives our end. */
  flush(): void
  /** Resolves when all is written; rejects with the first error. */
  close(): Promise<void>
}

/** @throws InputError `input-unreadable` at once where the file cannot be made, from `close()` where writing failed */
export function writeLines(path: string): LineWriter {
  const file = createWriteStream(path, { fd: openNow(path) })
  let failure: Error | undefined
  file.on('error', error => (failure ??= error))
  let batch = ''
  const flush = () => {
    if (batch !== '' && failure === undefined) file.write(batch, 'latin1')
    batch = ''
  }
  return {
    line(line) {
      batch += `${line}\n`
      if (batch.length >= BATCH_CHARACTERS) flush()
    },
    flush,
    async close() {
      flush()
      await new Promise<void>(resolve => {
        file.on('close', resolve)
        file.end()
      })
      if (failure !== undefined) {
        throw new InputError('input-unreadable', `the recording ${path} could not be written: ${failure.message}`, {
          cause: failure,
        })
      }
    },
  }
}

/** Before anything is traced: a trace that cannot be kept is not worth its time. */
function openNow(path: string): number {
  try {
    return openSync(path, 'w', PRIVATE)
  } catch (error) {
    throw notWritten(path, error as Error)
  }
}

function notWritten(path: string, cause: Error): InputError {
  return new InputError('input-unreadable', `the recording ${path} could not be written: ${cause.message}`, { cause })
}

/** Hands out the lines of a recording, byte strings; gzip is recognised by its content. */
export async function readLines(path: string, onLine: (line: string) => void): Promise<void> {
  const splitter = splitLines(onLine)
  try {
    for await (const chunk of openBytes(path)) splitter.push(chunk)
  } catch (error) {
    if (error instanceof LinsightError) throw error
    const code = errnoOf(error)
    throw code === 'ENOENT'
      ? new InputError('input-missing', `there is no recording at ${path}`, { cause: error })
      : new InputError('input-unreadable', `the recording ${path} could not be read: ${(error as Error).message}`, {
          cause: error,
        })
  }
  splitter.end()
}
