import { constants, fstatSync, lstatSync, readlinkSync, realpathSync, statSync, type Stats } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { InputError } from '../errors.ts'

/** What a path of the user leads to. */
export type Target =
  | { kind: 'descriptor'; fd: number }
  /** `stats`: absent where the file does not exist yet. */
  | { kind: 'path'; path: string; folder: string; stats: Stats | undefined }

export type PathTarget = Extract<Target, { kind: 'path' }>

/** As many as the kernel follows. */
const MOST_LINKS = 40

const DESCRIPTOR = /^\/proc\/(\d+)(?:\/task\/\d+)?\/fd\/(\d+)$/

/** What a path leads to. A link in a folder that everybody may write to is only followed where it is ours or root's. */
export function targetOf(path: string): Target {
  if (path === '') throw systemError('ENOENT')
  let at = resolve(path)
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const folder = realpathSync.native(dirname(at))
    const here = join(folder, basename(at))
    const [, pid, fd] = DESCRIPTOR.exec(here) ?? []
    if (Number(pid) === process.pid) return descriptor(Number(fd))
    const stats = lstatSync(here, { throwIfNoEntry: false })
    if (!stats?.isSymbolicLink()) return { kind: 'path', path: here, folder, stats }
    // Another process' descriptor: the kernel knows the way, its text does not.
    if (pid !== undefined) return { kind: 'path', path: here, folder, stats: statSync(here) }
    if (isPlanted(stats, folder)) {
      throw new InputError('output-unwritable', `${path} could not be written: ${here} is a link of another user's`, {
        hint: 'name a file in a folder that only you may write to',
      })
    }
    at = resolve(folder, readlinkSync(here))
  }
  throw systemError('ELOOP')
}

/** One of ours that is open for writing: what `/dev/stdout` and a shell's `>(command)` are. */
function descriptor(fd: number): Target {
  const stats = fstatSync(fd)
  // Event and timer descriptors of the runtime have no type.
  if ((stats.mode & constants.S_IFMT) === 0) throw systemError('EBADF')
  return { kind: 'descriptor', fd }
}

export const EVERYBODY_WRITES = 0o002

/** In a folder that everybody may write to, by somebody else: it may wait for us to write where they want. */
export function isPlanted(stats: Stats, folder: string): boolean {
  const around = statSync(folder)
  return (around.mode & EVERYBODY_WRITES) !== 0 && ![0, process.geteuid?.(), around.uid].includes(stats.uid)
}

const SYSTEM_ERRORS = {
  EISDIR: 'it is a folder',
  ELOOP: 'too many links',
  ENOENT: 'no such file',
  EBADF: 'not open for writing',
  EACCES: 'permission denied',
} as const

/** As the system would have refused it. */
export const systemError = (code: keyof typeof SYSTEM_ERRORS) =>
  Object.assign(new Error(`${code}: ${SYSTEM_ERRORS[code]}`), { code })
