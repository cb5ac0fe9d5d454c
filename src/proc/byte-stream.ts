import { close, fstatSync, read, readSync } from 'node:fs'
import { promisify } from 'node:util'
import { errnoOf, InputError, systemReason } from '../errors.ts'
import { openForCaller, stdinForCaller } from '../files/caller-rights.ts'
import { isPacked, unpacked } from './open-bytes.ts'
import { isPage, orPageRecording, PAGE_MARK, type PageKind } from '../files/page-recordings.ts'

/** Large chunks keep the number of copies at chunk ends small; two of them are in flight at a time. */
export const CHUNK_BYTES = 1 << 20

/** The bytes of a file of any size, in chunks. */
export interface ByteStream {
  readonly label: string
  /** Bytes on disk; absent for a pipe. */
  readonly sizeBytes: number | undefined
  /** Bytes taken from the disk or pipe so far. */
  readonly consumedBytes: number
  /** For a regular file that is not packed: its descriptor, for reading at positions until {@link chunks} has ended. */
  readonly fd: number | undefined
  /** To be gone through once; a chunk is valid until the next one is asked for. `from`: bytes to skip, only with `fd`. */
  chunks(from?: number): AsyncIterable<Buffer>
}

/**
 * Opens a file, or standard input for `-`; gzip is unpacked on the way. Of a page of `linsight report` it is the recording of
 * this kind.
 *
 * @throws InputError where it is missing or cannot be read
 */
export function openByteStream(path: string, kind?: PageKind): ByteStream {
  const isStdin = path === '-'
  const label = isStdin ? 'standard input' : path
  const fd = isStdin ? undefined : openFile(path)
  const stats = fd === undefined ? undefined : fstatSync(fd)
  let taken = 0
  async function* counted(from: number): AsyncGenerator<Buffer> {
    taken = from
    for await (const chunk of fd === undefined ? stdinForCaller() : fileChunks(fd, from)) {
      taken += chunk.length
      yield chunk
    }
  }
  return {
    label,
    sizeBytes: stats?.isFile() === true ? stats.size : undefined,
    fd: fd !== undefined && stats?.isFile() === true && isPlain(headOf(fd)) ? fd : undefined,
    get consumedBytes() {
      return taken
    },
    async *chunks(from = 0) {
      try {
        if (from > 0) yield* counted(from)
        else if (kind === undefined) yield* unpacked(counted(0))
        else yield* orPageRecording(unpacked(counted(0)), kind, label)
      } catch (error) {
        throw error instanceof InputError ? error : unreadable(label, error)
      }
    },
  }
}

function openFile(path: string): number {
  try {
    const fd = openForCaller(path)
    // A folder opens, but does not read; a pipe has no positions, and what is read of it is gone.
    if (!isPipe(fd)) readSync(fd, Buffer.alloc(1), 0, 1, 0)
    return fd
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw new InputError('input-missing', `there is no file ${path}`, { cause: error })
    throw unreadable(path, error)
  }
}

const readAsync = promisify(read)

/** Reads ahead into one buffer while the other is worked on. */
async function* fileChunks(fd: number, from: number): AsyncGenerator<Buffer> {
  const buffers = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)] as const
  // A pipe has no positions; a file is read from its beginning without them.
  let position = from === 0 ? null : from
  const fill = async (buffer: Buffer) => {
    const answer = await readAsync(fd, buffer, 0, CHUNK_BYTES, position)
    if (position !== null) position += answer.bytesRead
    return answer
  }
  let pending = fill(buffers[0])
  try {
    for (let turn = 0; ; turn = 1 - turn) {
      const { bytesRead } = await pending
      if (bytesRead === 0) return
      pending = fill(buffers[1 - turn]!)
      yield buffers[turn]!.subarray(0, bytesRead)
    }
  } finally {
    await pending.catch(() => {})
    close(fd)
  }
}

const isPlain = (head: Buffer) => !isPacked(head) && !isPage(head)

function headOf(fd: number): Buffer {
  const head = Buffer.alloc(PAGE_MARK.length)
  return head.subarray(0, readSync(fd, head, 0, head.length, 0))
}

/** Whatever has no positions: a pipe with or without a name, a socket, a terminal. */
function isPipe(fd: number): boolean {
  const stats = fstatSync(fd)
  return stats.isFIFO() || stats.isSocket() || stats.isCharacterDevice()
}

function unreadable(label: string, error: unknown): InputError {
  return new InputError('input-unreadable', `${label} could not be read: ${systemReason(error)}`, {
    cause: error,
  })
}
