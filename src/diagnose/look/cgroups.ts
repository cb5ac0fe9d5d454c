import { readdirSync, readFileSync, statSync } from 'node:fs'
import { optional } from '../../errors.ts'
import type { CgroupCounters } from '../observed/totals.ts'

/** Groups looked at; a machine has hundreds. */
const MOST_GROUPS = 3000
const MOST_DEPTH = 12

/** Where controllers of version 1 are mounted, and version 2. */
const MOUNT = '/sys/fs/cgroup'

export interface CgroupLook {
  /** Folder → its counters. */
  groups: Map<string, CgroupCounters>
  /** Every folder, with its files. */
  folders: Map<string, ReadonlySet<string>>
  cut: boolean
}

/** Every control group that limits something, of both versions. */
export function lookAtCgroups(mount = MOUNT): CgroupLook {
  const folders = new Map<string, ReadonlySet<string>>()
  let seen = 0
  const visit = (folder: string, depth: number): void => {
    if (depth > MOST_DEPTH || (seen += 1) > MOST_GROUPS) return
    // Most are leaves: a folder has a link of its own, one from above, and one from each folder in it.
    if (optional(() => statSync(folder).nlink) === LINKS_OF_LEAF) {
      folders.set(folder, new Set(optional(() => readdirSync(folder)) ?? []))
      return
    }
    const names = optional(() => readdirSync(folder, { withFileTypes: true })) ?? []
    folders.set(folder, new Set(names.filter(entry => entry.isFile()).map(({ name }) => name)))
    for (const entry of names) if (entry.isDirectory()) visit(`${folder}/${entry.name}`, depth + 1)
  }
  visit(mount, 0)
  return { groups: cgroupCounters(folders), folders, cut: seen > MOST_GROUPS }
}

const LINKS_OF_LEAF = 2

/** Those of these folders that limit something, with their counters as they are now. */
export function cgroupCounters(folders: ReadonlyMap<string, ReadonlySet<string>>): Map<string, CgroupCounters> {
  const groups = new Map<string, CgroupCounters>()
  for (const [folder, files] of folders) {
    const counters = countersOf(folder, files)
    if (Object.keys(counters).length > 0) groups.set(folder, counters)
  }
  return groups
}

/** Processes of a group and of those below it, which its limits hold for as well. */
export function pidsOfCgroup(folder: string, depth = 0): number[] {
  const text = optional(() => readFileSync(`${folder}/cgroup.procs`, 'latin1')) ?? ''
  const own = text.split('\n').filter(Boolean).map(Number)
  if (depth > MOST_DEPTH) return own
  const below = (optional(() => readdirSync(folder, { withFileTypes: true })) ?? []).filter(entry =>
    entry.isDirectory(),
  )
  return [...own, ...below.flatMap(({ name }) => pidsOfCgroup(`${folder}/${name}`, depth + 1))]
}

/** A limit of version 1 that is none: the largest number of pages. */
const UNLIMITED = 2 ** 60

function countersOf(folder: string, files: ReadonlySet<string>): CgroupCounters {
  const read = (name: string) =>
    files.has(name) ? optional(() => readFileSync(`${folder}/${name}`, 'latin1')) : undefined
  const keyed = (text: string | undefined, key: string) => {
    const digits = new RegExp(`(?:^|\\n)${key} (\\d+)`).exec(text ?? '')?.[1]
    return digits === undefined ? undefined : Number(digits)
  }
  const counters: CgroupCounters = {}
  const quota = quotaOf(read('cpu.max'), read('cpu.cfs_quota_us'), () => read('cpu.cfs_period_us'))
  if (quota !== undefined) {
    const stat = read('cpu.stat')
    const throttledNs = keyed(stat, 'throttled_time')
    counters.quota = quota
    counters.periods = keyed(stat, 'nr_periods')
    counters.throttled = keyed(stat, 'nr_throttled')
    counters.throttledUs = keyed(stat, 'throttled_usec') ?? (throttledNs && Math.round(throttledNs / 1000))
  }
  // Above memory.high nobody is killed: everybody is slowed down while pages are taken away.
  const high = limitOf(read('memory.high'))
  const limit = least(limitOf(read('memory.max') ?? read('memory.limit_in_bytes')), high)
  if (limit !== undefined) {
    const events = read('memory.events')
    counters.memoryLimit = limit
    counters.memoryFailures =
      events === undefined
        ? numberOf(read('memory.failcnt'))
        : (keyed(events, 'max') ?? 0) + (high === undefined ? 0 : (keyed(events, 'high') ?? 0))
    counters.refaults = refaultsOf(read('memory.stat'))
    counters.oomKills = keyed(events ?? read('memory.oom_control'), 'oom_kill')
  }
  const pids = limitOf(read('pids.max'))
  if (pids !== undefined) {
    counters.pidsLimit = pids
    counters.pidsRefused = keyed(read('pids.events'), 'max')
    counters.pidsCurrent = numberOf(read('pids.current'))
  }
  const frozen = read('cgroup.freeze') ?? read('freezer.state')
  if (frozen !== undefined && /^(1|FROZEN)/.test(frozen)) counters.frozen = true
  return counters
}

/** `workingset_refault_file 12`, and `_anon`; kernels before 5.9 have one number for both. */
function refaultsOf(stat: string | undefined): number | undefined {
  const counts = [...(stat ?? '').matchAll(/^workingset_refault(?:_anon|_file)? (\d+)$/gm)].map(([, count]) =>
    Number(count),
  )
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0)
}

const least = (a: number | undefined, b: number | undefined) => (a === undefined || (b !== undefined && b < a) ? b : a)

function quotaOf(max: string | undefined, quotaUs: string | undefined, periodUs: () => string | undefined) {
  const [quota, period] = max === undefined ? [quotaUs, undefined] : max.split(' ')
  const allowed = numberOf(quota)
  if (allowed === undefined || allowed <= 0) return undefined
  return allowed / (numberOf(period ?? periodUs()) ?? 100_000)
}

function limitOf(text: string | undefined): number | undefined {
  const number = numberOf(text)
  return number === undefined || number >= UNLIMITED ? undefined : number
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d+\s*$/.test(text) ? Number(text) : undefined
}
