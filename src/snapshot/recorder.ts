import { errnoOf } from '../errors.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { emptyEntries } from '../proc/recorded-proc.ts'

export type Recorder = ReturnType<typeof recorderOf>

/** Reads from the source and keeps what it read; undefined or empty where there is nothing. */
export function recorderOf(source: ProcSource) {
  const entries = emptyEntries()
  const attempt = <T>(path: string, read: () => T): T | undefined => {
    try {
      return read()
    } catch (error) {
      const code = errnoOf(error)
      if (!ABSENT.has(code)) entries.errors.set(path, code)
      return undefined
    }
  }
  const keep = <T>(into: Map<string, T>, path: string, value: T | undefined): T | undefined => {
    if (value !== undefined) into.set(path, value)
    return value
  }
  return {
    source,
    entries,
    attempt,
    file: (path: string) =>
      keep(
        entries.files,
        path,
        attempt(path, () => source.readFile(path)),
      ),
    link: (path: string) =>
      keep(
        entries.links,
        path,
        attempt(path, () => source.readLink(path)),
      ),
    list: (path: string) => attempt(path, () => source.list(path)) ?? [],
  }
}

/** Not there, or no longer; EINVAL is the error of the net/ of a process that is ending. */
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ESRCH', 'ENOTDIR', 'EINVAL'])
