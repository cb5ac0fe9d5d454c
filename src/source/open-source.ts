import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { errnoOf, InputError } from '../errors.ts'
import { openLiveProc } from './live-proc.ts'
import type { Endianness, ProcSource } from './proc-source.ts'
import { parseSnapshot } from './snapshot.ts'
import { openTree } from './tree.ts'

/** Bytes enough to tell gzip, tar (magic at 257) and JSON apart. */
const HEAD_BYTES = 512

/** The live /proc, or the recording at `from`: a folder, a snapshot or a tar archive, told apart by content, not by name. */
export async function openSource(from: string | undefined, endian: Endianness | undefined): Promise<ProcSource> {
  const source = from === undefined || from === '' ? openLiveProc() : await openRecording(from)
  return endian === undefined ? source : Object.assign(source, { meta: { ...source.meta, endian } })
}

async function openRecording(path: string): Promise<ProcSource> {
  try {
    if (statSync(path).isDirectory()) return openTree(path)
    const gzipped = isGzip(headOf(path))
    const head = gzipped ? headOfGzip(path) : headOf(path)
    if (isTar(head)) return await (await import('./tar.ts')).openTar(path, gzipped)
    const content = readFileSync(path)
    return parseSnapshot((gzipped ? gunzipSync(content) : content).toString('utf8'), path)
  } catch (error) {
    if (error instanceof InputError) throw error
    const code = errnoOf(error)
    if (code === 'ENOENT') throw new InputError('E_INPUT_MISSING', `there is no recording at ${path}`, { cause: error })
    throw new InputError('E_INPUT_UNREADABLE', `the recording ${path} could not be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function headOf(path: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  const fd = openSync(path, 'r')
  try {
    return head.subarray(0, readSync(fd, head, 0, HEAD_BYTES, 0))
  } finally {
    closeSync(fd)
  }
}

function headOfGzip(path: string): Buffer {
  const compressed = Buffer.alloc(64 * 1024)
  const fd = openSync(path, 'r')
  try {
    const length = readSync(fd, compressed, 0, compressed.length, 0)
    // Only the beginning is there: finishFlush makes zlib hand out what it has instead of complaining.
    return gunzipSync(compressed.subarray(0, length), { finishFlush: 2 }).subarray(0, HEAD_BYTES)
  } finally {
    closeSync(fd)
  }
}

const isGzip = (head: Buffer) => head[0] === 0x1f && head[1] === 0x8b
const isTar = (head: Buffer) => head.toString('latin1', 257, 262) === 'ustar'
