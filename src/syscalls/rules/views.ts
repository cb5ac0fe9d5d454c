import { didYouMean } from '../../terminal/did-you-mean.ts'
import { UsageError } from '../../errors.ts'
import { syscallLabel, type CallStats, type PeerStats, type SyscallProfile, type ThreadProfile } from '../profile.ts'
import type { Group, ProfileRow, TimeKind } from '../model.ts'
import { addStats, meanNs } from './call-stats.ts'
import { percentiles } from '../latency-histogram.ts'

/** Rows of a profile by group, unsorted; `undefined` where the source does not tell. */
export function profileRows(profile: SyscallProfile, group: Group): ProfileRow[] | undefined {
  switch (group) {
    case 'syscall':
      return profile.syscalls.map(({ name, abi, ...stats }) => Object.assign({ label: syscallLabel(name, abi) }, stats))
    case 'thread':
      return profile.threads === undefined ? undefined : profile.threads.map(thread => threadRow(thread))
    case 'process':
      return profile.threads === undefined ? undefined : processes(profile.threads).map(threads => processRow(threads))
    case 'file':
      return profile.files === undefined ? undefined : profile.files.map(file => fileRow(file))
    case 'peer':
      return profile.peers === undefined ? undefined : profile.peers.map(peer => fileRow(peer))
    default:
      return errnoRows(profile)
  }
}

/** Threads by their process, in order of appearance; a thread of unknown process is one by itself. */
export function processes(threads: readonly ThreadProfile[]): ThreadProfile[][] {
  const groups = new Map<string, ThreadProfile[]>()
  const leaders = new Map<number, number>()
  for (const thread of threads) {
    // A process that begins anew under a pid used before is another one.
    if (thread.pid !== undefined && thread.pid === thread.tid) leaders.set(thread.pid, thread.id)
    const key = thread.pid === undefined ? `t${thread.id}` : `p${thread.pid}.${leaders.get(thread.pid) ?? ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [thread])
    else group.push(thread)
  }
  return [...groups.values()]
}

function threadRow(thread: ThreadProfile): ProfileRow {
  return {
    ...thread.total,
    label: `${thread.tid ?? '?'} ${thread.comm ?? ''}`.trimEnd(),
    detail: topSyscalls(thread.syscalls),
  }
}

function processRow(threads: readonly ThreadProfile[]): ProfileRow {
  const [leader] = threads
  const label = `${leader!.pid ?? leader!.tid ?? '?'} ${leader!.comm ?? ''}`.trimEnd()
  const calls = new Map<string, number>()
  for (const { syscalls } of threads)
    for (const { name, calls: n } of syscalls) calls.set(name, (calls.get(name) ?? 0) + n)
  return {
    ...addStats(threads.map(thread => thread.total)),
    label: threads.length === 1 ? label : `${label} (${threads.length} threads)`,
    detail: topSyscalls([...calls].map(([name, calls]) => ({ name, calls }))),
  }
}

function fileRow({ name, wallNs, calls, errors, readBytes, writtenBytes }: PeerStats): ProfileRow {
  const wall = wallNs === undefined ? undefined : { totalNs: wallNs }
  return { label: name, calls, errors, readBytes, writtenBytes, wall }
}

function errnoRows({ syscalls }: SyscallProfile): ProfileRow[] | undefined {
  if (syscalls.every(row => row.errnos === undefined)) return undefined
  const byErrno = new Map<string, { name: string; calls: number }[]>()
  for (const { name, abi, errnos } of syscalls)
    for (const [errno, calls] of Object.entries(errnos ?? {})) {
      const entry = { name: syscallLabel(name, abi), calls }
      const list = byErrno.get(errno)
      if (list === undefined) byErrno.set(errno, [entry])
      else list.push(entry)
    }
  return [...byErrno].map(([label, calls]) => {
    const count = calls.reduce((sum, call) => sum + call.calls, 0)
    return { label, calls: count, errors: count, detail: topSyscalls(calls) }
  })
}

function topSyscalls(syscalls: readonly { name: string; calls: number }[]): string {
  return [...syscalls]
    .sort((a, b) => b.calls - a.calls)
    .slice(0, 3)
    .map(({ name, calls }) => `${name} ${calls}`)
    .join(', ')
}

/** Which of the two times a table shows: system time, unless wall time is asked for or there is no other. */
export function timeKind(rows: readonly CallStats[], wantsWall: boolean): TimeKind {
  const has = (kind: TimeKind) => rows.some(row => row[kind] !== undefined)
  return (wantsWall && has('wall')) || !has('system') ? 'wall' : 'system'
}

/** Words of `-S` and `--sort`, strace's and ours. */
export const SORTS = {
  time: ['time', 'time-percent', 'time_percent', 'time-total', 'time_total', 'total-time', 'total_time', 'seconds'],
  calls: ['calls', 'count'],
  errors: ['errors', 'error'],
  name: ['name', 'syscall', 'syscall-name', 'syscall_name'],
  'avg-time': ['avg-time', 'avg_time', 'time-avg', 'time_avg', 'usecs/call'],
  'min-time': ['min-time', 'min_time', 'time-min', 'time_min', 'shortest'],
  'max-time': ['max-time', 'max_time', 'time-max', 'time_max', 'longest', 'max'],
  p50: ['p50'],
  p95: ['p95'],
  p99: ['p99'],
  bytes: ['bytes'],
  none: ['none', 'nothing'],
} as const
export type Sort = keyof typeof SORTS

/**
 * The key a word of `-S` means.
 *
 * @throws UsageError
 */
export function sortKey(word: string): Sort {
  const key = (Object.keys(SORTS) as Sort[]).find(key => (SORTS[key] as readonly string[]).includes(word))
  if (key === undefined)
    throw new UsageError(`rows cannot be sorted by ${JSON.stringify(word)}`, {
      hint: didYouMean(word, Object.keys(SORTS), `keys: ${Object.keys(SORTS).join(', ')}`),
    })
  return key
}

/**
 * Sorted as asked, largest first, names ascending; what the source does not know comes last. Equal rows stay in their
 * order, so that a table of strace's prints as it came; without any times, time means calls.
 */
export function sortRows(rows: readonly ProfileRow[], sort: Sort, kind: TimeKind): ProfileRow[] {
  if (sort === 'none') return [...rows]
  if (sort === 'name') return [...rows].sort((a, b) => (a.label < b.label ? -1 : 1))
  const key = sort === 'time' && rows.every(row => row[kind] === undefined) ? 'calls' : sort
  const weight = new Map(rows.map(row => [row, sortValue(row, key, kind) ?? -1]))
  return [...rows].sort((a, b) => weight.get(b)! - weight.get(a)!)
}

function sortValue(row: ProfileRow, sort: Sort, kind: TimeKind): number | undefined {
  const time = row[kind]
  switch (sort) {
    case 'calls':
      return row.calls
    case 'errors':
      return row.errors
    case 'avg-time':
      return time && meanNs(time, row.calls)
    case 'min-time':
      return time?.minNs
    case 'max-time':
      return time?.maxNs
    case 'bytes':
      return (row.readBytes ?? 0) + (row.writtenBytes ?? 0) + (row.transfer?.bytes ?? 0)
    case 'p50':
    case 'p95':
    case 'p99':
      return row.latency && percentiles(row.latency, [Number(sort.slice(1)) / 100])[0]
    default:
      return time?.totalNs
  }
}
