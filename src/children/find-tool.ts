import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Where tracers live that a plain user's PATH leaves out. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin', '/usr/bin', '/bin', '/usr/share/bcc/tools']

/**
 * The absolute path of the first of `names` that can be executed: all folders for the first name, then for the next.
 * Relative folders of the PATH are passed over: tracers run as root, and a folder someone else chose is no place to take
 * a program from.
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

/** Whether this user may execute the file. */
export function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
