import { addToBucket, bucketsOf, createHistogram, type LatencyHistogram } from '../latency-histogram.ts'
import type { CallStats, SyscallProfile, SyscallStats, TimeSpent } from '../profile.ts'

/** What happened between two readings of one cumulative profile: its system calls only, and those that were called. */
export function profileSince(before: SyscallProfile | undefined, now: SyscallProfile): SyscallProfile {
  const { meta, syscalls } = now
  if (before === undefined) return { meta, syscalls, rejected: [], warnings: [] }
  const old = new Map(before.syscalls.map(row => [`${row.name} ${row.abi}`, row]))
  const rows = syscalls.map(row => syscallSince(old.get(`${row.name} ${row.abi}`), row)).filter(row => row.calls > 0)
  const durationNs =
    meta.durationNs === undefined || before.meta.durationNs === undefined
      ? undefined
      : meta.durationNs - before.meta.durationNs
  return { meta: { ...meta, durationNs }, syscalls: rows, rejected: [], warnings: [] }
}

function syscallSince(before: SyscallStats | undefined, now: SyscallStats): SyscallStats {
  if (before === undefined) return now
  const minus = (pick: (stats: CallStats) => number | undefined) =>
    pick(now) === undefined ? undefined : pick(now)! - (pick(before) ?? 0)
  return {
    name: now.name,
    abi: now.abi,
    calls: now.calls - before.calls,
    errors: now.errors - before.errors,
    errnos: now.errnos && countsSince(before.errnos ?? {}, now.errnos),
    restarts: minus(stats => stats.restarts),
    zeroResults: minus(stats => stats.zeroResults),
    system: now.system && timeSince(before.system, now.system),
    wall: now.wall && timeSince(before.wall, now.wall),
    latency: now.latency && latencySince(before.latency, now.latency),
  }
}

function countsSince(before: Record<string, number>, now: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(now)
      .map(([key, count]) => [key, count - (before[key] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  )
}

/** The extremes are those since the beginning, so of the interval they are not known. */
function timeSince(before: TimeSpent | undefined, now: TimeSpent): TimeSpent {
  return { totalNs: now.totalNs - (before?.totalNs ?? 0) }
}

function latencySince(before: LatencyHistogram | undefined, now: LatencyHistogram): LatencyHistogram {
  const since = createHistogram()
  for (const { index, count } of bucketsOf(now)) addToBucket(since, index, count)
  for (const { index, count } of before ? bucketsOf(before) : []) addToBucket(since, index, -count)
  return since
}
