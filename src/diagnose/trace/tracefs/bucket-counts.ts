import type { Totals } from '../counted-totals.ts'

/** Counts by map and key, in steps of time. */
export interface BucketCounts {
  add(map: string, ...key: number[]): number
  totals(durationMs: number): Totals
}

/** Keys of one map; more are not counted. */
const MOST_KEYS = 32_768

/** `step` tells in which step of time it is now, from 0 on. */
export function bucketCounts(step: () => number): BucketCounts {
  const maps = new Map<string, Map<string, { key: number[]; count: number; bySteps: number[] }>>()
  return {
    add(map, ...key) {
      let counts = maps.get(map)
      if (counts === undefined) maps.set(map, (counts = new Map()))
      const name = key.join()
      let entry = counts.get(name)
      if (entry === undefined) {
        if (counts.size >= MOST_KEYS) return Infinity
        counts.set(name, (entry = { key, count: 0, bySteps: [] }))
      }
      entry.count += 1
      const at = step()
      entry.bySteps[at] = (entry.bySteps[at] ?? 0) + 1
      return entry.count
    },
    totals(durationMs) {
      const half = (step() + 1) >> 1
      return {
        durationMs,
        of: map => [...(maps.get(map)?.values() ?? [])].map(({ key, count }) => ({ key, count })),
        early: map =>
          new Map(
            [...(maps.get(map) ?? [])].map(([name, { bySteps }]) => [
              name,
              bySteps.slice(0, half).reduce((sum, count) => sum + (count ?? 0), 0),
            ]),
          ),
      }
    },
  }
}
