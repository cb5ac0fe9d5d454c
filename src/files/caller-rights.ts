import { accessSync, closeSync, constants, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
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
    checkOpened(fd)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
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

/** Between the look at a name and its opening, another file may have taken it: asks for what was opened. */
function checkOpened(fd: number): void {
  if (!needsCheck()) return
  const self = `/proc/self/fd/${fd}`
  const opened = readlinkSync(self)
  // A pipe, or a file that was deleted, has no name; its mode tells then.
  accessSync(opened.startsWith('/') && !opened.endsWith(' (deleted)') ? opened : self, constants.R_OK)
}
