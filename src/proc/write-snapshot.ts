import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { errnoOf, InputError } from '../errors.ts'

/** Small writes cost a system call each. */
const CHUNK_CHARACTERS = 64 * 1024

/** Command lines may hold secrets, so a recording is for its owner alone. */
const OWNER_ONLY = 0o600

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Writes the pieces of a snapshot to a file, gzipped where its name ends in `.gz`, or to stdout for `-`. The file is
 * complete or not there: it is written under another name beside it and then renamed. Returns its size.
 */
export async function writeSnapshot(file: string, pieces: Iterable<string>): Promise<number> {
  if (file === '-') {
    for (const chunk of chunks(pieces)) if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
    return 0
  }
  const draft = `${file}.${randomUUID()}.tmp`
  const out = createWriteStream(draft, { flags: 'wx', mode: OWNER_ONLY })
  const text = Readable.from(chunks(pieces))
  const discard = () => rmSync(draft, { force: true })
  const end = (signal: NodeJS.Signals) => {
    discard()
    // Listened to once, so that this time it ends the process as it would have.
    process.kill(process.pid, signal)
  }
  for (const signal of SIGNALS) process.once(signal, end)
  try {
    await (file.endsWith('.gz') ? pipeline(text, createGzip(), out) : pipeline(text, out))
    renameSync(draft, file)
    return out.bytesWritten
  } catch (error) {
    discard()
    throw new InputError('input-unreadable', `the snapshot ${file} could not be written: ${reasonOf(error)}`, {
      cause: error,
    })
  } finally {
    for (const signal of SIGNALS) process.off(signal, end)
  }
}

function reasonOf(error: unknown): string {
  const code = errnoOf(error)
  return code === 'EIO' ? (error as Error).message : `${REASONS[code] ?? 'the system says'} ${code}`
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist,',
  EACCES: 'writing there is not permitted,',
  EISDIR: 'a folder has that name,',
  ENOSPC: 'the disk is full,',
  EROFS: 'the file system is read-only,',
}

function* chunks(pieces: Iterable<string>): Generator<string> {
  let chunk = ''
  for (const piece of pieces) {
    chunk += piece
    if (chunk.length < CHUNK_CHARACTERS) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}
