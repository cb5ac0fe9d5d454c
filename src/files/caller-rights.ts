import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statfsSync,
} from 'node:fs'
import { optional } from '../errors.ts'

/**
 * Whether this program may more than who called it: it is set-uid or set-gid, or its file has capabilities. What the
 * user names must not be read or written with these rights.
 */
function mayMoreThanCaller(): boolean {
  if (process.getuid === undefined) return false
  if (process.getuid() !== process.geteuid!() || process.getgid!() !== process.getegid!()) return true
  if (process.getuid() === 0) return false
  const status = optional(() => readFileSync('/proc/self/status', 'latin1')) ?? ''
  return !/^CapEff:\t0+$/m.test(status)
}

let known: boolean | undefined

const needsCheck = () => (known ??= mayMoreThanCaller())

/**
 * Throws EACCES where the caller could not open this path: access(2) asks for the real user, without the capabilities of
 * the file of this program.
 */
export function checkCallerMay(path: string | Buffer, access: 'read' | 'write'): void {
  if (needsCheck()) accessSync(path, access === 'read' ? constants.R_OK : constants.W_OK)
}

/** Opens a file the user named for reading, as the caller could: what was opened is checked, not only its name. */
export function openForCaller(path: string | Buffer, flags = constants.O_RDONLY): number {
  checkCallerMay(path, 'read')
  const fd = openSync(path, flags)
  try {
    checkOpenedForCaller(fd, 'read')
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/** What is in a file whose name the user chose, as the caller could read it. */
export function readForCaller(path: string | Buffer): Buffer {
  const fd = openForCaller(path)
  try {
    return readFileSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** The names in a folder the user named, as the caller could list it. */
export function listForCaller(path: string | Buffer): string[] {
  if (!needsCheck()) return readdirSync(path, 'latin1')
  const fd = openForCaller(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    return readdirSync(`/proc/self/fd/${fd}`, 'latin1')
  } finally {
    closeSync(fd)
  }
}

/** Standard input, which its caller opened, but which we read. */
export function stdinForCaller(): AsyncIterable<Buffer> {
  refuseProc(0)
  return process.stdin
}

/**
 * Throws EACCES where the caller could not have opened what is open here: between the look at a name and its opening, another
 * file may have taken it, or another folder that of the way to it.
 */
export function checkOpenedForCaller(fd: number, access: 'read' | 'write'): void {
  if (!needsCheck()) return
  if (access === 'read') refuseProc(fd)
  const self = `/proc/self/fd/${fd}`
  // The mode of the file itself, whatever has its name by now; then the folders that lead to it.
  checkCallerMay(self, access)
  const opened = readlinkSync(self)
  // A pipe, or a file that was deleted, has no name.
  if (opened.startsWith('/') && !opened.endsWith(' (deleted)')) checkCallerMay(opened, access)
}

/** Source: statfs(2). */
const PROC_SUPER_MAGIC = 0x9fa0

/**
 * Who may read a file of /proc is decided when it is opened or read, by the rights of this program: its mode says nothing
 * (`stat` of a process tells addresses to whom CAP_SYS_PTRACE is given, and has mode 0444).
 */
function refuseProc(fd: number): void {
  if (!needsCheck() || statfsSync(`/proc/self/fd/${fd}`).type !== PROC_SUPER_MAGIC) return
  const reason = 'permission denied: with capabilities of its own it reads no file of /proc for its caller'
  throw Object.assign(new Error(`EACCES: ${reason}`), { code: 'EACCES' })
}
