import { write } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { errnoOf } from '../errors.ts'
import { notWritten, openOutput, type OutputFile, type OutputOptions } from './output-file.ts'

/** Small writes cost a system call each. */
const CHUNK_CHARACTERS = 64 * 1024

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

interface WriteOptions extends OutputOptions {
  gzip?: boolean | undefined
}

/**
 * Writes a file that the user named, whole: it is complete or as before, also when a signal ends the program. Returns
 * how many bytes it has.
 *
 * @throws InputError `output-unwritable`
 */
export async function writeFile(path: string, pieces: Iterable<string>, options: WriteOptions = {}): Promise<number> {
  let opened: OutputFile | undefined
  const end = (signal: NodeJS.Signals) => {
    opened?.discard()
    // Listened to once, so that this time it ends the process as it would have.
    process.kill(process.pid, signal)
  }
  // Before there is a file: a signal between the two would leave it behind.
  for (const signal of SIGNALS) process.once(signal, end)
  const listenNoMore = () => {
    for (const signal of SIGNALS) process.off(signal, end)
  }
  const file = await openOutput(path, options).catch((error: unknown) => {
    listenNoMore()
    throw error
  })
  opened = file
  let bytes = 0
  const drain = async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      await writeAll(file.fd, chunk)
      bytes += chunk.length
    }
  }
  try {
    const content = Readable.from(chunksOf(pieces))
    await (options.gzip === true ? pipeline(content, createGzip(), drain) : pipeline(content, drain))
  } catch (error) {
    file.discard()
    throw notWritten(path, error, options.what)
  } finally {
    listenNoMore()
  }
  try {
    file.finish()
  } catch (error) {
    throw notWritten(path, error, options.what)
  }
  return bytes
}

/** A file that the user named, to which a stream of answers is added as they come. */
export interface OutputStream {
  write(pieces: Iterable<string>): Promise<void>
}

/**
 * Opens a file for answers that are added to it, once: the reader of a pipe sees one stream, not one for each answer.
 *
 * @throws InputError `output-unwritable`
 */
export async function openStream(path: string): Promise<OutputStream> {
  const { fd } = await openOutput(path, { append: true, atOnce: true })
  return {
    async write(pieces) {
      try {
        for (const chunk of chunksOf(pieces)) await writeAll(fd, chunk)
      } catch (error) {
        throw notWritten(path, error)
      }
    },
  }
}

/** A pipe that belongs to a program that does not block is full: how long until the next try. */
const RETRY_MS = 5

/** Writes a buffer whole, whatever the descriptor is. */
export function writeAll(fd: number, bytes: Buffer, from = 0): Promise<void> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, from, bytes.length - from, null, (error, written) => {
      if (error === null && from + written === bytes.length) resolve()
      else if (error === null) writeAll(fd, bytes, from + written).then(resolve, reject)
      else if (errnoOf(error) === 'EAGAIN') {
        setTimeout(() => void writeAll(fd, bytes, from).then(resolve, reject), RETRY_MS)
      } else reject(error)
    })
  })
}

function* chunksOf(pieces: Iterable<string>): Generator<Buffer> {
  let chunk = ''
  for (const piece of pieces) {
    chunk += piece
    if (chunk.length < CHUNK_CHARACTERS) continue
    yield Buffer.from(chunk, 'utf8')
    chunk = ''
  }
  if (chunk !== '') yield Buffer.from(chunk, 'utf8')
}
