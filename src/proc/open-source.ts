import { constants } from 'node:buffer'
import { createReadStream, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { errnoOf, InputError, systemReason, UsageError } from '../errors.ts'
import { checkCallerMay, openForCaller, stdinForCaller } from '../files/caller-rights.ts'
import { formatBytes } from '../terminal/units.ts'
import { openLiveProc, type LiveProcOptions } from './live-proc.ts'
import { isPacked, unpacked, unpackHead } from './open-bytes.ts'
import type { Endianness, ProcSource } from './proc-source.ts'
import { isPage, recordingOfPage } from '../files/page-recordings.ts'
import { parseSnapshot, refuseOtherThanSnapshot } from './snapshot-format.ts'
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
    if (path !== '-' && statSync(path).isDirectory()) {
      checkCallerMay(path, 'read')
      return openTree(path)
    }
    return await readRecording(bytesOf(path), label)
  } catch (error) {
    if (error instanceof InputError) throw error
    if (errnoOf(error) === 'ENOENT')
      throw new InputError('input-missing', `there is no recording at ${label}`, {
        hint: 'make one with: linsight snapshot save FILE',
        cause: error,
      })
    throw new InputError('input-unreadable', `the recording ${label} could not be read: ${systemReason(error)}`, {
      cause: error,
    })
  }
}

/** What it is shows its beginning, so that input without an end that is no recording is refused at once. */
async function readRecording(bytes: AsyncGenerator<Buffer>, label: string): Promise<ProcSource> {
  const start = await beginning(bytes)
  const head = headOf(start)
  const whole = joined(start, bytes)
  if (isTar(head)) {
    const { openTar } = await import('./tar.ts')
    return openTar(Readable.from(whole), label, isPacked(start))
  }
  if (isPage(head)) {
    const page = await contentOf(unpacked(whole), label)
    return parseSnapshot(recordingOfPage(page, 'snapshot', label).toString('utf8'), label)
  }
  const table = bareTable(head)
  if (table !== undefined) {
    const { emptyEntries, recordedProc } = await import('./recorded-proc.ts')
    const entries = emptyEntries()
    entries.files.set(table, await contentOf(unpacked(whole), label))
    return recordedProc('snapshot', label, {}, entries)
  }
  refuseForeign(head, label)
  return parseSnapshot((await contentOf(unpacked(whole), label)).toString('utf8'), label)
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  if (path === '-') yield* stdinForCaller()
  else yield* createReadStream(path, { fd: openForCaller(path) }) as AsyncIterable<Buffer>
}

async function beginning(bytes: AsyncGenerator<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for (let length = 0; length < PACKED_HEAD_BYTES;) {
    const { done, value } = await bytes.next()
    if (done === true) break
    chunks.push(value)
    length += value.length
  }
  return Buffer.concat(chunks)
}

async function* joined(start: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield start
  yield* rest
}

/** A text cannot be longer in this runtime: 512 MiB. */
const MOST_BYTES = constants.MAX_STRING_LENGTH

async function contentOf(bytes: AsyncIterable<Buffer>, label: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > MOST_BYTES) {
      throw new InputError('input-format', `the recording ${label} is larger than ${formatBytes(MOST_BYTES)} of text`, {
        hint: 'a folder or a tar archive of /proc may be of any size',
      })
    }
    chunks.push(Buffer.from(chunk))
  }
  return Buffer.concat(chunks)
}

/** Compressions Node cannot undo, by the bytes they begin with, and the tool that can. */
const FOREIGN: readonly [magic: string, tool: string][] = [
  ['\xfd7zXZ\0', 'xz'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['BZh', 'bzip2'],
]

/** Refuses what is no JSON object. */
function refuseForeign(head: Buffer, label: string): void {
  if (head.length === 0) throw new InputError('input-format', `the recording ${label} is empty`)
  if (isPacked(head)) return
  const [, tool] = FOREIGN.find(([magic]) => head.toString('latin1', 0, magic.length) === magic) ?? []
  if (tool !== undefined)
    throw new InputError('input-format', `the recording ${label} is compressed with ${tool}, which is not read here`, {
      hint: `unpack it first: ${tool} -dc FILE > FILE.tar`,
    })
  refuseOtherThanSnapshot(head, label)
}

/** The path below /proc of a table that is the whole recording: `cat /proc/net/tcp >FILE`. */
function bareTable(head: Buffer): string | undefined {
  const [heading = ''] = head.toString('latin1').split('\n')
  const match = /^\s*sl\s+local_address\s+(rem|remote)_address\s+st\s+tx_queue/.exec(heading)
  // Only the tables of UDP end in drops, only those of IPv6 have room for the whole word.
  return match ? `net/${heading.includes(' drops') ? 'udp' : 'tcp'}${match[1] === 'remote' ? '6' : ''}` : undefined
}

function headOf(start: Buffer): Buffer {
  try {
    return unpackHead(start.subarray(0, PACKED_HEAD_BYTES)).subarray(0, HEAD_BYTES)
  } catch {
    // Damaged: unpacking the whole says how.
    return start.subarray(0, HEAD_BYTES)
  }
}

const isTar = (head: Buffer) => head.toString('latin1', 257, 262) === 'ustar'
