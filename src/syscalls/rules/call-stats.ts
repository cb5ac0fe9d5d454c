import { createHistogram, mergeHistogram } from '../latency-histogram.ts'
import type { CallStats, TimeSpent } from '../profile.ts'

/** Counts of several groups of calls as one; the groups stay as they are. What one of them does not know stays unknown where it cannot be added. */
export function addStats(groups: readonly CallStats[]): CallStats {
  const some = <T>(pick: (stats: CallStats) => T | undefined): T[] =>
    groups.map(pick).filter(value => value !== undefined)
  const sum = (values: number[]) => (values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0))
  const latencies = some(stats => stats.latency)
  const transfers = some(stats => stats.transfer)
  return {
    calls: sum(groups.map(stats => stats.calls)) ?? 0,
    errors: sum(groups.map(stats => stats.errors)) ?? 0,
    errnos: addCounts(some(stats => stats.errnos)),
    restarts: sum(some(stats => stats.restarts)),
    zeroResults: sum(some(stats => stats.zeroResults)),
    system: addTimes(some(stats => stats.system)),
    wall: addTimes(some(stats => stats.wall)),
    latency:
      latencies.length === 0
        ? undefined
        : latencies.reduce((all, one) => (mergeHistogram(all, one), all), createHistogram()),
    transfer:
      transfers.length === 0
        ? undefined
        : transfers.reduce((a, b) => ({
            calls: a.calls + b.calls,
            bytes: a.bytes + b.bytes,
            oneByteCalls: a.oneByteCalls + b.oneByteCalls,
            small:
              a.small && b.small
                ? { calls: a.small.calls + b.small.calls, bytes: a.small.bytes + b.small.bytes }
                : undefined,
          })),
  }
}

function addTimes(times: readonly TimeSpent[]): TimeSpent | undefined {
  if (times.length < 2) return times[0]
  const all = (pick: (time: TimeSpent) => number | undefined) => times.map(pick)
  const min = all(time => time.minNs)
  const max = all(time => time.maxNs)
  return {
    totalNs: times.reduce((sum, time) => sum + time.totalNs, 0),
    minNs: min.includes(undefined) ? undefined : Math.min(...(min as number[])),
    maxNs: max.includes(undefined) ? undefined : Math.max(...(max as number[])),
  }
}

export function addCounts(counts: readonly Record<string, number>[]): Record<string, number> | undefined {
  if (counts.length === 0) return undefined
  const all: Record<string, number> = {}
  for (const one of counts) for (const [key, count] of Object.entries(one)) all[key] = (all[key] ?? 0) + count
  return all
}

/** Mean of a kind of time; the one the source stated where it did. */
export function meanNs(time: TimeSpent, calls: number): number {
  return time.meanNs ?? (calls === 0 ? 0 : time.totalNs / calls)
}
