import { SourceReadError } from '../errors.ts'
import type { ProcSource, SourceMeta } from './proc-source.ts'

/** A recording held in memory. Names are byte strings, see {@link ProcSource}. */
export interface RecordedEntries {
  files: Map<string, Buffer>
  links: Map<string, string>
  /** Errno name of what could not be read when the recording was made. */
  errors: Map<string, string>
}

export function emptyEntries(): RecordedEntries {
  return { files: new Map(), links: new Map(), errors: new Map() }
}

/** A {@link ProcSource} over entries in memory: what snapshots and archives become once they are read. */
export function recordedProc(
  kind: 'snapshot' | 'tar',
  label: string,
  meta: SourceMeta,
  entries: RecordedEntries,
): ProcSource {
  const { files, links, errors } = entries
  let folders: Map<string, Set<string>> | undefined

  function fail(path: string): never {
    throw new SourceReadError(errorFor(path), path)
  }
  /** The error recorded for the path itself or for a folder above it. */
  function errorFor(path: string): string {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const code = errors.get(at)
      if (code !== undefined) return code
    }
    return 'ENOENT'
  }

  return {
    kind,
    label,
    meta,
    readFile: path => files.get(path) ?? fail(path),
    // A link that version control checked out as a plain file counts as the link.
    readLink: path => links.get(path) ?? files.get(path)?.toString('latin1') ?? fail(path),
    list(path) {
      folders ??= foldersOf([...files.keys(), ...links.keys(), ...errors.keys()])
      const names = errors.has(path) ? undefined : folders.get(path)
      return names === undefined ? fail(path) : [...names]
    },
  }
}

/** Folder → the names in it, in the order they were recorded. */
function foldersOf(paths: string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>()
  for (const path of paths) {
    let rest = path
    for (;;) {
      const slash = rest.lastIndexOf('/')
      const folder = slash === -1 ? '' : rest.slice(0, slash)
      const names = folders.get(folder)
      if (names === undefined) folders.set(folder, new Set([rest.slice(slash + 1)]))
      else names.add(rest.slice(slash + 1))
      if (slash === -1) break
      rest = folder
    }
  }
  return folders
}
