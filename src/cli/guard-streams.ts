import { writeSync } from 'node:fs'
import { Writable } from 'node:stream'
import { errnoOf, EXIT, InputError, systemReason } from '../errors.ts'

/** stdout or stderr cannot be written: its disk is full, or it is not open for writing. Exit 4. */
export class StreamError extends InputError {
  constructor(stream: 'stdout' | 'stderr', cause: unknown) {
    super('output-unwritable', `could not write to ${stream}: ${systemReason(cause)}`, { cause })
  }
}

/**
 * Sees to it that output which cannot be written ends the program with a sentence and a status. A reader that went away
 * (`| head`) ends it without a word. Without stderr only remarks are lost, so the results are still written.
 */
export function guardStreams(fail: (error: unknown) => never): void {
  process.stdout.on('error', (error: Error) => {
    if (errnoOf(error) === 'EPIPE') process.exit(EXIT.done)
    fail(new StreamError('stdout', error))
  })
  process.stderr.on('error', (error: Error) => {
    if (errnoOf(error) !== 'EPIPE') process.once('exit', () => (process.exitCode ||= EXIT.input))
  })
  writeWhole(process.stdout, 1)
  writeWhole(process.stderr, 2)
  // What is thrown where nobody waits for it would be printed with a page of the program's text.
  process.on('uncaughtException', fail)
}

/** Node writes to a file in one call, and takes it for done when a disk that fills up took only a part. */
function writeWhole(stream: NodeJS.WriteStream, fd: number): void {
  if (stream.constructor.name !== 'SyncWriteStream') return
  const target: Pick<Writable, '_write'> = stream
  target._write = (chunk: Buffer, _encoding, done) => {
    try {
      for (let from = 0; from < chunk.length;) from += writeSync(fd, chunk, from)
    } catch (error) {
      done(error as Error)
      return
    }
    done()
  }
}
