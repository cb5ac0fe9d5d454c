import { createWriteStream } from 'node:fs'
import { errnoOf, InputError, LinsightError, systemReason } from '../errors.ts'
import { openBytes } from './open-bytes.ts'
import { notWritten, openOutput } from '../files/output-file.ts'
import { formatBytes } from '../terminal/units.ts'
import { splitLines } from './line-splitter.ts'

const WHAT = 'the recording'
const BATCH_CHARACTERS = 64 * 1024

/** Writes lines, byte strings, to a file in large pieces. */
export interface LineWriter {
  line(line: string): void
  /** Gives what is there to the system, so that it survives our end. */
  flush(): void
  /** Resolves when all is written; rejects with the first error. */
  close(): Promise<void>
}

/**
 * Opens a recording for its owner alone: traces hold what others typed and opened. It has its name at once.
 *
 * @throws InputError `output-unwritable` at once where the file cannot be made: a trace that cannot be kept is not worth
 * its time; from `close()` where writing failed
 */
export async function writeLines(path: string): Promise<LineWriter> {
  const output = await openOutput(path, { what: WHAT, ownerOnly: true, atOnce: true })
  const file = createWriteStream(path, { fd: output.fd, autoClose: false })
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
        file.on('error', () => resolve())
        file.end(resolve)
      })
      output.finish()
      if (failure !== undefined) throw notWritten(path, failure, WHAT)
    },
  }
}

/** Tracers print lines of some kilobytes, maps in one line of some megabytes; input without an end is neither. */
const LONGEST_LINE = 64 * 1024 * 1024
const NEWLINE = 0x0a

/** Hands out the lines of a recording, byte strings; gzip is recognised by its content. */
export async function readLines(path: string, onLine: (line: string) => void): Promise<void> {
  const splitter = splitLines(onLine)
  try {
    let open = 0
    for await (const chunk of openBytes(path)) {
      const end = chunk.lastIndexOf(NEWLINE)
      open = end === -1 ? open + chunk.length : chunk.length - end - 1
      if (open > LONGEST_LINE) {
        throw new InputError(
          'input-format',
          `${path} is no recording: a line of it is longer than ${formatBytes(LONGEST_LINE)}`,
        )
      }
      splitter.push(chunk)
    }
  } catch (error) {
    if (error instanceof LinsightError) throw error
    const code = errnoOf(error)
    throw code === 'ENOENT'
      ? new InputError('input-missing', `there is no recording at ${path}`, { cause: error })
      : new InputError('input-unreadable', `the recording ${path} could not be read: ${systemReason(error)}`, {
          cause: error,
        })
  }
  splitter.end()
}
