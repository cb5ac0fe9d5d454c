import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  ftruncateSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  type Stats,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errnoOf, InputError, systemReason } from '../errors.ts'
import { checkCallerMay, checkOpenedForCaller } from './caller-rights.ts'
import { EVERYBODY_WRITES, isPlanted, systemError, targetOf, type PathTarget, type Target } from './output-target.ts'

export interface OutputOptions {
  /** For messages: `the snapshot`; nothing where the path says enough. */
  what?: string | undefined
  /** 0600, also where the file exists: it holds what others typed and opened. */
  ownerOnly?: boolean | undefined
  /** Add to what is there. */
  append?: boolean | undefined
  /** The file has its name from the beginning, so that what was written survives our end. */
  atOnce?: boolean | undefined
}

/** A file that the user named, open for writing. */
export interface OutputFile {
  readonly fd: number
  /** Closes it; a file that was written under another name takes its own. */
  finish(): void
  /** Closes it and leaves what was there before, where that is still possible. */
  discard(): void
}

/**
 * Opens a file that the user named. Links are followed, and devices, pipes and descriptors (`/dev/stdout`,
 * `/dev/fd/63`) are written through; a regular file is written beside and then replaced, so that it is complete or as
 * before.
 *
 * @throws InputError `output-unwritable`
 */
export async function openOutput(path: string, options: OutputOptions = {}): Promise<OutputFile> {
  try {
    return await open(targetOf(path), options)
  } catch (error) {
    throw notWritten(path, error, options.what)
  }
}

/** Fails at once, not after minutes of tracing, where a file cannot be written; changes nothing. */
export function checkWritable(path: string, options: OutputOptions = {}): void {
  try {
    const target = targetOf(path)
    if (target.kind === 'descriptor') return
    const { folder, stats } = target
    if (stats?.isDirectory()) throw systemError('EISDIR')
    // Asked, not opened: to open a device or a pipe may already do something.
    accessSync(stats === undefined ? folder : target.path, constants.W_OK)
  } catch (error) {
    throw notWritten(path, error, options.what)
  }
}

export function notWritten(path: string, error: unknown, what = ''): InputError {
  if (error instanceof InputError) return error
  const name = what === '' ? path : `${what} ${path}`
  return new InputError('output-unwritable', `${name} could not be written: ${reasonOf(error)}`, {
    hint: 'name a file in a folder that exists and that you may write to',
    cause: error,
  })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EISDIR: 'a folder has that name',
  EPIPE: 'its reader went away',
  ENXIO: 'nothing reads from it',
}

function reasonOf(error: unknown): string {
  return REASONS[errnoOf(error)] ?? systemReason(error)
}

async function open(target: Target, options: OutputOptions): Promise<OutputFile> {
  if (target.kind === 'descriptor') return { fd: target.fd, finish() {}, discard() {} }
  const { stats } = target
  if (stats?.isDirectory()) throw systemError('EISDIR')
  // Who could not write into the file is not to replace it either. This also asks for the rights of the caller.
  if (stats !== undefined) accessSync(target.path, constants.W_OK)
  if (stats?.isFIFO()) return plain(await openPipe(target, options))
  if (stats !== undefined && !stats.isFile()) return plain(openInPlace(target, options))
  if (options.append === true && stats !== undefined) return plain(openInPlace(target, options))
  return openDraft(target, options) ?? plain(openInPlace(target, options))
}

const plain = (fd: number): OutputFile => ({ fd, finish: () => closeSync(fd), discard: () => closeSync(fd) })

const OWNER_ONLY = 0o600
const ALL = 0o666

/** A file beside the one it will replace; undefined where only the file itself may be written to, not its folder. */
function openDraft(target: PathTarget, { ownerOnly, atOnce }: OutputOptions): OutputFile | undefined {
  const { path, folder, stats } = target
  // O_EXCL: who guesses the name and is there first is refused.
  const draft = join(folder, `.linsight-${process.pid}-${Math.random().toString(36).slice(2)}.tmp`)
  if (stats !== undefined && mayNotRename(stats, folder)) return undefined
  let fd: number
  try {
    checkCallerMay(folder, 'write')
    fd = openSync(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, ownerOnly ? OWNER_ONLY : ALL)
  } catch (error) {
    if (stats === undefined) throw error
    return undefined
  }
  try {
    checkOpenedForCaller(fd, 'write')
  } catch (error) {
    // Where it really is.
    rmSync(readlinkSync(`/proc/self/fd/${fd}`), { force: true })
    closeSync(fd)
    throw error
  }
  let isDraft = true
  const drop = () => {
    if (isDraft) rmSync(draft, { force: true })
    isDraft = false
  }
  const takeName = () => {
    if (isDraft) renameSync(draft, path)
    isDraft = false
  }
  const end = (last: () => void) => {
    process.off('exit', drop)
    try {
      closeSync(fd)
      last()
    } finally {
      drop()
    }
  }
  process.on('exit', drop)
  try {
    if (stats !== undefined) keepFacts(fd, stats, folder, ownerOnly)
    if (atOnce === true) takeName()
  } catch {
    // The file is a mount of its own, as those of containers are.
    end(() => {})
    return undefined
  }
  return { fd, finish: () => end(takeName), discard: () => end(drop) }
}

const STICKY = 0o1000

/** A file of another user's in a sticky folder, or one that is mounted by itself. */
function mayNotRename(stats: Stats, folder: string): boolean {
  const around = statSync(folder)
  const uid = process.geteuid?.()
  return (
    stats.dev !== around.dev ||
    ((around.mode & STICKY) !== 0 && uid !== 0 && ![stats.uid, around.uid].includes(uid ?? stats.uid))
  )
}

/** The new file is as the old one was: its mode, and its owner where root writes in a folder that others may not change. */
function keepFacts(fd: number, stats: Stats, folder: string, ownerOnly: boolean | undefined): void {
  if (ownerOnly !== true) fchmodSync(fd, stats.mode & 0o777)
  const isSafe = (statSync(folder).mode & EVERYBODY_WRITES) === 0
  if (process.geteuid?.() === 0 && isSafe) fchownSync(fd, stats.uid, stats.gid)
}

/** What is not replaced: a device, or a file whose folder may not be written to. */
function openInPlace(target: PathTarget, { ownerOnly, append }: OutputOptions): number {
  const { path, folder, stats } = target
  const isFile = stats?.isFile() === true
  if (stats !== undefined && isFile && ownerOnly === true && stats.uid !== process.geteuid?.()) {
    throw new InputError(
      'output-unwritable',
      `${path} could not be written: it belongs to another user, who could read it`,
      {
        hint: `name a new file, or remove it from ${folder} first`,
      },
    )
  }
  const fd = openSync(path, constants.O_WRONLY | constants.O_NOCTTY | (append === true ? constants.O_APPEND : 0))
  try {
    checkOpenedForCaller(fd, 'write')
  } catch (error) {
    closeSync(fd)
    throw error
  }
  if (isFile && append !== true) ftruncateSync(fd)
  if (isFile && ownerOnly === true) fchmodSync(fd, OWNER_ONLY)
  return fd
}

/** How often one looks whether a pipe has a reader. */
const READER_MS = 50

/** Waits for a reader without blocking: a thread that waits in open() could not be ended. */
async function openPipe({ path, folder, stats }: PathTarget, { ownerOnly }: OutputOptions): Promise<number> {
  if (ownerOnly === true && stats !== undefined && isPlanted(stats, folder)) throw systemError('EACCES')
  for (;;) {
    try {
      const probe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
      try {
        return openSync(path, constants.O_WRONLY)
      } finally {
        closeSync(probe)
      }
    } catch (error) {
      if (errnoOf(error) !== 'ENXIO') throw error
    }
    await sleep(READER_MS)
  }
}
