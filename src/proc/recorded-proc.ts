import { SourceReadError } from '../errors.ts'
import type { ProcSource, SourceMeta } from './proc-source.ts'

/** A recording held in memory. Names are byte strings, see {@link ProcSource}. */
export interface RecordedEntries {
  /** A path that ends in `/` is an empty folder. */
  files: Map<string, Buffer>
  links: Map<string, string>
  /** Errno name of what could not be read when the recording was made. */
  errors: Map<string, string>
}

/** A {@link ProcSource} whose every entry is known. */
export interface RecordedProc extends ProcSource {
  readonly entries: RecordedEntries
}

export function emptyEntries(): RecordedEntries {
  return { files: new Map(), links: new Map(), errors: new Map() }
}

/** Where a recording keeps the number of a file: `number/1234/net/dev`. */
export const FILE_NUMBERS = 'number'

/** Links followed while a path is looked up; more is a loop. Source: path_resolution(7), MAXSYMLINKS. */
const MAX_LINKS = 40

/** A {@link ProcSource} over entries in memory: what snapshots and archives become once they are read. */
export function recordedProc(
  kind: 'snapshot' | 'tar',
  label: string,
  meta: SourceMeta,
  entries: RecordedEntries,
): RecordedProc {
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
  /** The path with the linked folders on its way replaced: an archive of a whole /proc holds `net -> self/net`. */
  function resolve(path: string): string {
    let resolved = path
    for (let followed = 0; followed < MAX_LINKS; followed += 1) {
      const link = foldersAbove(resolved).find(folder => links.has(folder))
      if (link === undefined) return resolved
      resolved = join(link, links.get(link)!) + resolved.slice(link.length)
    }
    return fail(path)
  }

  return {
    kind,
    mayChange: false,
    isThisMachine: false,
    label,
    meta,
    entries,
    readFile: path => files.get(path) ?? files.get(resolve(path)) ?? fail(path),
    // A link that version control checked out as a plain file counts as the link.
    readLink: path => links.get(path) ?? links.get(resolve(path)) ?? files.get(path)?.toString('latin1') ?? fail(path),
    fileNumber: path => files.get(`${FILE_NUMBERS}/${path}`)?.toString('latin1').trim(),
    list(path) {
      folders ??= foldersOf([...files.keys(), ...links.keys(), ...errors.keys()])
      const names = errors.has(path) ? undefined : (folders.get(path) ?? folders.get(resolve(`${path}/`).slice(0, -1)))
      if (names === undefined && path === '') return []
      return names === undefined ? fail(path) : [...names].filter(name => name !== '')
    },
  }
}

/** `a/b/c` → `a`, `a/b`. */
function foldersAbove(path: string): string[] {
  const folders: string[] = []
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at))
  return folders
}

/** Where a link at `link` points, below the proc root; a target outside it is found nowhere. */
function join(link: string, target: string): string {
  const parts = target.startsWith('/') ? [] : link.split('/').slice(0, -1)
  for (const part of target.replace(/^\/proc(?=\/|$)/, '').split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
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
      names?.add(rest.slice(slash + 1))
      // A folder that is known already is known to the folders above it.
      if (names !== undefined) break
      folders.set(folder, new Set([rest.slice(slash + 1)]))
      if (slash === -1) break
      rest = folder
    }
  }
  return folders
}
