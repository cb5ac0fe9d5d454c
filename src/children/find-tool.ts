import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { errnoOf, MachineError } from '../errors.ts'

/** Where tracers live that a plain user's PATH leaves out. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin', '/usr/bin', '/bin', '/usr/share/bcc/tools']

/**
 * The absolute path of the first of `names` that can be executed: all folders for the first name, then for the next.
 * Skips relative folders of the PATH: tracers run as root, and a folder someone else chose is no place to take a program
 * from.
 */
export function findTool(names: readonly string[], path = process.env['PATH'] ?? ''): string | undefined {
  const folders = new Set([...path.split(delimiter).filter(isAbsolute), ...SYSTEM_FOLDERS])
  for (const name of names) {
    if (name === '' || name.includes('/')) continue
    for (const folder of folders) {
      const file = join(folder, name)
      if (isExecutableFile(file)) return file
    }
  }
  return undefined
}

/**
 * Where execvp(3) would find a command of the user's: relative folders of the PATH count, folders outside of it do not.
 *
 * @throws MachineError `no-target` where there is none: no tracer could say more
 */
export function findCommand(name: string): string {
  const folders = name.includes('/') ? [''] : (process.env['PATH'] ?? '/bin:/usr/bin').split(delimiter)
  let obstacle = 'is no such file'
  for (const folder of folders) {
    const file = folder === '' ? name : join(folder, name)
    const found = executability(file)
    if (found === 'yes') return file
    if (found === 'no') obstacle = 'is no file that can be executed'
    if (found === 'refused') obstacle = 'may not be executed by this user'
  }
  throw new MachineError(
    'no-target',
    name.includes('/') ? `${name} cannot be run: it ${obstacle}` : `${name} cannot be run: no folder of PATH has it`,
  )
}

/** Whether this user may execute the file. */
export function isExecutableFile(file: string): boolean {
  return executability(file) === 'yes'
}

/** Whether a file runs with the rights of its owner or group, not of the user who starts it. Source: execve(2). */
export function isSetuid(file: string): boolean {
  return (statSync(file).mode & 0o6000) !== 0
}

function executability(file: string): 'yes' | 'no' | 'refused' | 'absent' {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile() ? 'yes' : 'no'
  } catch (error) {
    return errnoOf(error) === 'EACCES' ? 'refused' : 'absent'
  }
}
