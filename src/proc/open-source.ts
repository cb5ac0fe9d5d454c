import { constants } from 'node:buffer'
import { createReadStream, closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { errnoOf, InputError, UsageError } from '../errors.ts'
import { openLiveProc, type LiveProcOptions } from './live-proc.ts'
import { isPacked, unpack, unpackHead } from './open-bytes.ts'
import type { Endianness, ProcSource } from './proc-source.ts'
import { parseSnapshot } from './snapshot-format.ts'
import { openTree } from './tree.ts'

/** Enough bytes to distinguish gzip, tar (magic at 257) and JSON. */
const HEAD_BYTES = 512

/** Compressed bytes that surely unpack to {@link HEAD_BYTES}. */
const PACKED_HEAD_BYTES = 64 * 1024

/** The live /proc, or the recording at `from`: a folder, a snapshot or a tar archive, distinguished by content, not by name. */
export async function openSource(
  from: string | undefined,
  endian: Endianness | undefined,
  live?: LiveProcOptions,
): Promise<ProcSource> {
  if (from === '')
    throw new UsageError('the name of the recording is empty', {
      hint: 'without --from it is this machine that is read',
    })
  if (from === undefined && endian !== undefined)
    throw new UsageError('--endian is for recordings', { hint: 'this machine tells its byte order itself' })
  const source = from === undefined ? openLiveProc(live) : await openRecording(from)
  const told = source.meta.endian
  if (endian === undefined || endian === told) return source
  if (told !== undefined)
    throw new UsageError(`the recording ${source.label} says that its machine is ${told}-endian`, {
      hint: 'leave --endian out',
    })
  return { ...source, meta: { ...source.meta, endian } }
}

async function openRecording(path: string): Promise<ProcSource> {
  const label = path === '-' ? 'standard input' : path
  try {
    // A pipe can be read once only, so it is read whole.
    const facts = path === '-' ? undefined : statSync(path)
    if (facts?.isDirectory()) return openTree(path)
    const content = facts?.isFile() ? undefined : readFileSync(path === '-' ? 0 : path)
    const start = content ?? headOf(path)
    const head = unpackHead(start.subarray(0, PACKED_HEAD_BYTES)).subarray(0, HEAD_BYTES)
    if (isTar(head)) {
      const { openTar } = await import('./tar.ts')
      return await openTar(content ? Readable.from([content]) : createReadStream(path), label, isPacked(start))
    }
    refuseForeign(head, label)
    const bytes = content ?? readFileSync(path)
    return parseSnapshot(unpack(bytes, constants.MAX_STRING_LENGTH).toString('utf8'), label)
  } catch (error) {
    if (error instanceof InputError) throw error
    if (errnoOf(error) === 'ENOENT')
      throw new InputError('input-missing', `there is no recording at ${label}`, { cause: error })
    throw new InputError('input-unreadable', `the recording ${label} could not be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

/** Compressions Node cannot undo, by the bytes they begin with, and the tool that can. */
const FOREIGN: readonly [magic: string, tool: string][] = [
  ['\xfd7zXZ\0', 'xz'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['BZh', 'bzip2'],
]

function refuseForeign(head: Buffer, label: string): void {
  if (head.length === 0) throw new InputError('input-format', `the recording ${label} is empty`)
  const [, tool] = FOREIGN.find(([magic]) => head.toString('latin1', 0, magic.length) === magic) ?? []
  if (tool !== undefined)
    throw new InputError('input-format', `the recording ${label} is compressed with ${tool}, which is not read here`, {
      hint: `unpack it first: ${tool} -dc FILE > FILE.tar`,
    })
}

function headOf(path: string): Buffer {
  const head = Buffer.alloc(PACKED_HEAD_BYTES)
  const fd = openSync(path, 'r')
  try {
    return head.subarray(0, readSync(fd, head, 0, head.length, 0))
  } finally {
    closeSync(fd)
  }
}

const isTar = (head: Buffer) => head.toString('latin1', 257, 262) === 'ustar'
