/** A second of a burst has at least this share of the fullest one; between two bursts there is one with less than that. */
const BURST = 0.5
const QUIET = 0.2
/** Two bursts are no rhythm. */
const ENOUGH = 3
/** The next one is overdue after this many times the longest pause. */
const OVERDUE = 1.5

/**
 * Mean per second of bursts that come again and again, from the arrivals by whole seconds of age; `undefined` where there
 * are fewer than three, where the next one is overdue, or where no burst has as many as `few`.
 */
export function meanOfRecurringBursts(counts: Uint32Array, few: number): number | undefined {
  const peak = counts.reduce((most, count) => Math.max(most, count), 0)
  if (peak < few) return undefined
  /** Ages of the newest seconds of bursts, the last burst first. */
  const bursts: number[] = []
  let isQuiet = true
  for (const [second, count] of counts.entries()) {
    if (count < peak * QUIET) isQuiet = true
    if (count < peak * BURST) continue
    if (isQuiet) bursts.push(second)
    isQuiet = false
  }
  const [last, oldest] = [bursts[0], bursts.at(-1)]
  if (bursts.length < ENOUGH || last === undefined || oldest === undefined) return undefined
  const pauses = bursts.slice(1).map((second, at) => second - bursts[at]!)
  if (last > Math.max(...pauses) * OVERDUE) return undefined
  // From one burst to another: one that came just now must not count for the time before the first.
  const between = counts.subarray(last, oldest).reduce((sum, count) => sum + count, 0)
  return between / (oldest - last)
}
