import { isKind, KIND } from '../../../kernel/syscall-kind.ts'
import { counted, formatBytes } from '../../../terminal/units.ts'
import type { FileStats, SyscallProfile } from '../../profile.ts'
import { addStats } from '../call-stats.ts'
import { lookedUp, percent, view, type Conclusion } from './conclusion.ts'

/** Names looked up in folder after folder: a search path that is too long. */
export function missingFiles(profile: SyscallProfile): Conclusion | undefined {
  const lookups = profile.syscalls.filter(
    row => isKind(row.name, KIND.pathFirst | KIND.pathAt) && (row.errnos?.['ENOENT'] ?? 0) > 0,
  )
  const missing = lookups.reduce((sum, row) => sum + row.errnos!['ENOENT']!, 0)
  const calls = lookups.reduce((sum, row) => sum + row.calls, 0)
  if (missing < 50 || missing < calls / 4) return undefined
  const folders = missingByFolder(lookedUp(profile))
  const worst = folders
    .slice(0, 3)
    .map(([folder, count]) => `${folder} ${count}`)
    .join(', ')
  const names = mostMissed(lookedUp(profile))
  return {
    code: 'enoent-storm',
    severity: 'info',
    finding: `${missing} of ${calls} lookups by path (${percent(missing, calls)} %) found nothing (ENOENT)${worst === '' ? '' : `; most in ${worst}`}${names === '' ? '' : `; most often ${names}`}`,
    next: `shorten the search path (LD_LIBRARY_PATH, PYTHONPATH, NODE_PATH, PATH, -I …), or put what is found in front; ${view(profile, '--by file', '--sort errors lists them')}`,
    facts: { missing, calls, folders: Object.fromEntries(folders.slice(0, 3)) },
  }
}

function missingByFolder(files: readonly FileStats[]): [string, number][] {
  const folders = new Map<string, number>()
  for (const { name, missing } of files) {
    if (missing === 0) continue
    const [folder] = splitPath(name)
    folders.set(folder, (folders.get(folder) ?? 0) + missing)
  }
  return [...folders].sort((a, b) => b[1] - a[1])
}

function splitPath(name: string): [folder: string, base: string] {
  const path = name.replace(/\/+$/, '')
  const slash = path.lastIndexOf('/')
  return [slash === -1 ? '.' : path.slice(0, slash) || '/', path.slice(slash + 1)]
}

/** The base name that was missed in the most folders, with their number. */
function mostMissed(files: readonly FileStats[]): string {
  const names = new Map<string, number>()
  for (const { name, missing } of files) {
    if (missing === 0) continue
    const [, base] = splitPath(name)
    names.set(base, (names.get(base) ?? 0) + 1)
  }
  const [most] = [...names].sort((a, b) => b[1] - a[1])
  return most === undefined || most[1] < 3 ? '' : `${most[0]}, in ${most[1]} folders`
}

export function repeatedStats(profile: SyscallProfile): Conclusion | undefined {
  const [most] = whole(lookedUp(profile)).sort((a, b) => b.stats - a.stats)
  if (most === undefined || most.stats < 100) return undefined
  return {
    code: 'repeated-stat',
    severity: 'info',
    finding: `${most.name} was asked about ${most.stats} times (stat, access, readlink)`,
    next: 'keep the answer, or watch the file with inotify',
    facts: { file: most.name, calls: most.stats },
  }
}

/** Names below a folder that the log does not tell (without -y) may be of as many files as there are folders. */
function whole(files: readonly FileStats[]): FileStats[] {
  return files.filter(file => file.name.startsWith('/'))
}

/** One process opens the same file over and over. */
export function repeatedOpens(profile: SyscallProfile): Conclusion | undefined {
  const [most] = whole(lookedUp(profile)).sort((a, b) => (b.reopens ?? 0) - (a.reopens ?? 0))
  const reopens = most?.reopens ?? 0
  if (most === undefined || reopens < 100) return undefined
  return {
    code: 'repeated-open',
    severity: 'info',
    finding: `${most.name} was opened again ${reopens} times by a process that had opened it before`,
    next: 'keep it open, or keep what was read; where it may change, inotify says when',
    facts: { file: most.name, reopens },
  }
}

/** Folders are read from end to end, again and again or one after the other. */
export function folderScans(profile: SyscallProfile): Conclusion | undefined {
  const { calls, transfer } = addStats(profile.syscalls.filter(row => /^getdents(?:64)?$/.test(row.name)))
  if (calls < 500) return undefined
  const bytes = transfer === undefined ? '' : `, ${formatBytes(transfer.bytes)} of entries`
  return {
    code: 'folder-scan',
    severity: 'info',
    finding: `${calls} getdents calls read about ${counted(Math.ceil(calls / 2), 'folder')}${bytes}`,
    next: `keep the list and let inotify or fanotify say what changed; look up a name that is known instead of searching for it; ${view(profile, '--by file', 'says which folders')}`,
    facts: { calls, ...(transfer && { bytes: transfer.bytes }) },
  }
}
