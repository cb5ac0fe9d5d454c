import type { FileStats, PeerStats, SyscallProfile, SyscallStats, ThreadProfile } from '../profile.ts'
import { addCounts, addStats } from './call-stats.ts'

/** Several profiles as one: same calls, files and peers are added up, threads stay apart. */
export function mergeProfiles(profiles: readonly SyscallProfile[]): SyscallProfile {
  const [first, ...others] = profiles
  if (first === undefined || others.length === 0) return first ?? EMPTY
  const lists = <T>(pick: (profile: SyscallProfile) => T[] | undefined): T[] | undefined =>
    profiles.some(profile => pick(profile) !== undefined) ? profiles.flatMap(profile => pick(profile) ?? []) : undefined
  const durations = profiles.map(profile => profile.meta.durationNs)
  return {
    meta: {
      ...first.meta,
      durationNs: durations.includes(undefined)
        ? undefined
        : (durations as number[]).reduce((sum, duration) => sum + duration, 0),
    },
    syscalls: mergeSyscalls(profiles.flatMap(profile => profile.syscalls)),
    threads: mergeThreads(profiles),
    files: mergeFiles(lists(profile => profile.files)),
    lookups: mergeFiles(lists(profile => profile.lookups)),
    peers: mergeFiles(lists(profile => profile.peers)),
    failedConnects: lists(profile => profile.failedConnects),
    seeksThenMoves: profiles.some(profile => profile.seeksThenMoves === undefined)
      ? undefined
      : profiles.reduce((sum, profile) => sum + profile.seeksThenMoves!, 0),
    stacks: lists(profile => profile.stacks),
    slowest: lists(profile => profile.slowest)?.sort((a, b) => b.durationNs - a.durationNs),
    inFlight: lists(profile => profile.inFlight),
    neverReturned: addCounts(profiles.map(profile => profile.neverReturned).filter(counts => counts !== undefined)),
    halves: first.halves,
    rejected: profiles.flatMap(profile => profile.rejected),
    lost: profiles.reduce((sum, profile) => sum + (profile.lost ?? 0), 0) || undefined,
    warnings: profiles.flatMap(profile => profile.warnings),
  }
}

const EMPTY: SyscallProfile = { meta: { backend: 'strace-log' }, syscalls: [], rejected: [], warnings: [] }

/** One row for each system call of each table. */
function mergeSyscalls(rows: readonly SyscallStats[]): SyscallStats[] {
  const groups = new Map<string, SyscallStats[]>()
  for (const row of rows) {
    const key = `${row.name} ${row.abi}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups.values()].map(group => (group.length === 1 ? group[0]! : mergeRow(group)))
}

/** A time that only some of the calls have is not that of the row. */
function mergeRow(rows: readonly SyscallStats[]): SyscallStats {
  const { name, abi } = rows[0]!
  const all = (kind: 'system' | 'wall') => rows.every(row => row.calls === 0 || row[kind] !== undefined)
  const stats = addStats(rows)
  return {
    name,
    abi,
    ...stats,
    system: all('system') ? stats.system : undefined,
    ...(!all('wall') && { wall: undefined, latency: undefined }),
  }
}

/** Ids are unique within one profile only: those of the later ones are moved up. */
function mergeThreads(profiles: readonly SyscallProfile[]): ThreadProfile[] | undefined {
  if (profiles.every(profile => profile.threads === undefined)) return undefined
  const all: ThreadProfile[] = []
  let offset = 0
  for (const { threads = [] } of profiles) {
    let highest = -1
    for (const thread of threads) {
      const { id, parentId } = thread
      all.push({ ...thread, id: id + offset, parentId: parentId === undefined ? undefined : parentId + offset })
      highest = Math.max(highest, id)
    }
    offset += highest + 1
  }
  return all
}

function mergeFiles<Stats extends FileStats | PeerStats>(files: readonly Stats[] | undefined): Stats[] | undefined {
  if (files === undefined) return undefined
  const byName = new Map<string, Stats>()
  for (const file of files) {
    const known = byName.get(file.name)
    if (known === undefined) byName.set(file.name, { ...file })
    else
      for (const [key, value] of Object.entries(file) as [keyof Stats, unknown][])
        if (typeof value === 'number') known[key] = (((known[key] as number | undefined) ?? 0) + value) as never
  }
  return [...byName.values()]
}
