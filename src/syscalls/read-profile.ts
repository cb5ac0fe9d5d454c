import { lstatSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mergeProfiles } from './rules/merge-profiles.ts'
import { errnoOf, InputError, optional, systemReason } from '../errors.ts'
import { checkCallerMay, listForCaller } from '../files/caller-rights.ts'
import type { SyscallProfile } from './profile.ts'
import { looksLikeProfileJson, parseProfileJson } from './formats/saved-profile.ts'
import { StraceLogReader } from './strace-log/log-reader.ts'
import { chunksScannedAhead } from './strace-log/fast/scan-ahead.ts'
import { openByteStream, type ByteStream } from '../proc/byte-stream.ts'

export interface ReadOptions {
  /** Tables of -c hold wall time (-w). */
  isWallTime: boolean
  /** Tell calls apart by file and peer. */
  files: boolean
  /** Tell calls apart by thread. */
  threads: boolean
  /** Weigh stacks for flame graphs. */
  stacks: boolean
  /** Told after every chunk. */
  onProgress?: ((progress: ReadProgress) => void) | undefined
}

export interface ReadProgress {
  label: string
  consumedBytes: number
  /** Absent for a pipe. */
  sizeBytes: number | undefined
}

/** After so many lines of which none was understood, the rest is not read either. */
const HOPELESS_LINES = 200_000
/** A line that goes on for so long, and none understood before it, is none of a log. */
const HOPELESS_LINE_BYTES = 1 << 20

/**
 * The profile of recorded inputs: tables of `strace -c`, logs, folders of `strace -ff`, records of ours, each gzipped or
 * not, `-` for standard input; which it is shows in its bytes. Several logs are one log in chunks.
 *
 * @throws InputError where one of them is missing, unreadable or no output of strace
 */
export async function readSyscallProfile(paths: readonly string[], options: ReadOptions): Promise<SyscallProfile> {
  const reader = new StraceLogReader(options)
  const records: SyscallProfile[] = []
  for (const { path, tid } of paths.flatMap(inputsAt)) {
    const stream = openByteStream(path, 'profile')
    const record = await readInput(stream, tid, reader, options)
    if (record !== undefined) records.push(record)
  }
  const isOnlyRecords = reader.understood === 0
  const profile = mergeProfiles(isOnlyRecords ? records : [reader.end(options.isWallTime), ...records])
  const [rejected] = profile.rejected
  if (profile.syscalls.length === 0 && rejected !== undefined)
    throw new InputError(
      'input-format',
      `no call could be read from ${paths.join(' ')}: ${rejected.reason}; first is line ${rejected.firstLine}: ${JSON.stringify(rejected.quote)}`,
      { hint: 'if strace wrote it like that, please report it with these lines' },
    )
  return profile
}

/** A folder stands for the files of `-ff` in it, whose names end in the id of their thread. */
function inputsAt(path: string): { path: string; tid?: number | undefined }[] {
  if (path === '-' || !isFolder(path)) return [{ path }]
  const names = listIn(path)
    .map(name => ({ name, tid: /\.(\d+)(?:\.gz)?$/.exec(name)?.[1] }))
    .filter(({ name, tid }) => tid !== undefined && isFileOf(path, name))
    .sort((a, b) => Number(a.tid) - Number(b.tid))
  if (names.length === 0)
    throw new InputError('input-format', `the folder ${path} holds no file of strace -ff, such as trace.1234`, {
      hint: 'give the log itself, or the folder that strace -ff -o FOLDER/trace wrote to',
    })
  return names.map(({ name, tid }) => ({ path: join(path, name), tid: Number(tid) }))
}

function listIn(path: string): string[] {
  try {
    return listForCaller(path).map(name => Buffer.from(name, 'latin1').toString())
  } catch (error) {
    throw notRead(path, error)
  }
}

/** Somebody else may have filled the folder: a link in it must not make us read what lies elsewhere. */
function isFileOf(folder: string, name: string): boolean {
  const found = optional(() => lstatSync(join(folder, name)))
  if (found?.isSymbolicLink() !== true) return found?.isFile() === true
  const target = optional(() => realpathSync(join(folder, name)))
  return target !== undefined && dirname(target) === realpathSync(folder) && statSync(target).isFile()
}

function isFolder(path: string): boolean {
  try {
    checkCallerMay(path, 'read')
    return statSync(path).isDirectory()
  } catch (error) {
    throw notRead(path, error)
  }
}

function notRead(path: string, error: unknown): InputError {
  if (errnoOf(error) === 'ENOENT') return new InputError('input-missing', `there is no file ${path}`, { cause: error })
  return new InputError('input-unreadable', `${path} could not be read: ${systemReason(error)}`, { cause: error })
}

/** Feeds one input to the reader; returns a profile only for a record. */
async function readInput(
  stream: ByteStream,
  tid: number | undefined,
  reader: StraceLogReader,
  { onProgress }: ReadOptions,
): Promise<SyscallProfile | undefined> {
  const understood = reader.understood
  let head = ''
  let record: Buffer[] | undefined
  reader.beginInput({ label: stream.label, tid })
  for await (const { bytes: chunk, lines, consumedBytes } of chunksScannedAhead(stream)) {
    if (head === '') {
      head = chunk.toString('utf8', 0, 4096)
      if (looksLikeProfileJson(head)) record = []
    }
    if (record !== undefined) record.push(Buffer.from(chunk))
    else reader.push(chunk, lines)
    onProgress?.({ label: stream.label, consumedBytes, sizeBytes: stream.sizeBytes })
    if (reader.understood === understood && isHopeless(reader)) break
  }
  if (record !== undefined) return parseProfileJson(Buffer.concat(record).toString('utf8'), stream.label)
  reader.endInput()
  if (reader.understood === understood) throw notStrace(stream.label, head)
  return undefined
}

function isHopeless({ lines, unreadBytes }: StraceLogReader): boolean {
  return lines > HOPELESS_LINES || unreadBytes > HOPELESS_LINE_BYTES
}

function notStrace(label: string, head: string): InputError {
  if (head === '')
    return new InputError('input-format', `${label} is empty`, {
      hint: 'strace -c prints no table at all when no call was traced: is the filter too narrow, or was -f missing?',
    })
  const line = head.split('\n').find(text => text.trim() !== '') ?? ''
  return new InputError(
    'input-format',
    `${label} is no output of strace: it begins with ${JSON.stringify(line.slice(0, 80))}`,
    {
      hint: 'expected a table of strace -c, whose header names "seconds", "calls" and "syscall", a log of lines like read(3, "x", 1) = 1, or a record of trace-syscalls',
    },
  )
}
