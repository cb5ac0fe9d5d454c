import type { ObservedProcess } from '../../observed/task.ts'
import type { Halves } from '../../observed/traced.ts'

/** A count between the looks of a process that was there at both; undefined where it is not known. */
export function rise(process: ObservedProcess, counter: keyof NonNullable<ObservedProcess['a']>): number | undefined {
  const before = process.a?.[counter]
  const after = process.b?.[counter]
  return typeof before === 'number' && typeof after === 'number' ? after - before : undefined
}

export const sum = (halves: Halves | undefined) => (halves === undefined ? 0 : halves[0] + halves[1])

/** Share of the time that is taken for free of waiting for a processor at least. */
const LEAST_FREE = 0.2

export const FREE = ' of the time in which nobody kept it from a processor'

/** How often a process would do something where no others took the processor from it: the rest of the time it waits. */
export function undisturbed({ threadRuns = [] }: ObservedProcess, rate: number): number {
  const shares = threadRuns.map(({ waitNs, durationMs }) => waitNs / 1e6 / durationMs)
  const late = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length)
  return rate / Math.max(LEAST_FREE, 1 - late)
}
