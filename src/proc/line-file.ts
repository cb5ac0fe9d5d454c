import { createWriteStream } from 'node:fs'
import { errnoOf, InputError, LinsightError, systemReason } from '../errors.ts'
import { openBytes } from './open-bytes.ts'
import { orPageRecording } from '../files/page-recordings.ts'
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

/** A recording that was opened once, as a pipe has to be. */
export interface RecordedLines {
  readonly path: string
  /** Its first line, a byte string, which tells what it is; undefined where it is empty. */
  readonly first: string | undefined
  /** Hands out every line, the first one too. To be called once. */
  each(onLine: (line: string) => void): Promise<void>
}

/**
 * Opens a recording, a file or a pipe, for its lines, byte strings; gzip is recognised by its content.
 *
 * @throws InputError where it is missing or cannot be read
 */
export async function openLines(path: string): Promise<RecordedLines> {
  const read: string[] = []
  let take = (line: string): void => void read.push(line)
  const splitter = splitLines(line => take(line))
  let chunks: AsyncGenerator<Buffer> | undefined
  let open = 0
  const nextChunk = async (): Promise<Buffer | undefined> => {
    try {
      chunks ??= orPageRecording(openBytes(path), 'trace', path)
      return (await chunks.next()).value as Buffer | undefined
    } catch (error) {
      throw error instanceof InputError ? error : unreadable(path, error)
    }
  }
  /** Takes one more chunk; false at the end, when all lines were handed out. */
  const advance = async (): Promise<boolean> => {
    const chunk = await nextChunk()
    if (chunk === undefined) {
      splitter.end()
      return false
    }
    const end = chunk.lastIndexOf(NEWLINE)
    open = end === -1 ? open + chunk.length : chunk.length - end - 1
    if (open > LONGEST_LINE) {
      await chunks?.return(undefined)
      throw new InputError(
        'input-format',
        `${path} is no recording: a line of it is longer than ${formatBytes(LONGEST_LINE)}`,
      )
    }
    splitter.push(chunk)
    return true
  }
  let goesOn = true
  while (goesOn && read.length === 0) goesOn = await advance()
  return {
    path,
    first: read[0],
    async each(onLine) {
      for (const line of read.splice(0)) onLine(line)
      take = onLine
      while (goesOn) goesOn = await advance()
    },
  }
}

function unreadable(path: string, error: unknown): LinsightError {
  if (error instanceof LinsightError) return error
  return errnoOf(error) === 'ENOENT'
    ? new InputError('input-missing', `there is no recording at ${path}`, { cause: error })
    : new InputError('input-unreadable', `the recording ${path} could not be read: ${systemReason(error)}`, {
        cause: error,
      })
}

/** Lines that are in memory, as a file of them would be read. */
export function linesOf(bytes: Buffer, path: string): RecordedLines {
  const lines = bytes.toString('latin1').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return {
    path,
    first: lines[0],
    async each(onLine) {
      for (const line of lines) onLine(line)
    },
  }
}
