/** Nanoseconds of the units that recordings count time in, by their names. */
const NANOSECONDS = new Map([
  ['µs', 1e3],
  ['usecs', 1e3],
  ['microseconds', 1e3],
  ['msecs', 1e6],
  ['nsecs', 1],
])

/** How many nanoseconds one of a unit is; undefined where it counts no time. */
export const nanosecondsOf = (unit: string): number | undefined => NANOSECONDS.get(unit)
