/** Counts by key, as one map of the tracing program holds them. */
export type Counts = { key: number[]; count: number }[]

/** The program prints its maps so often, milliseconds; the first time so long after it was attached. */
export const PRINT_EVERY_MS = 500

/** What was counted in all, and how much of it in the first half of the time. */
export interface Totals {
  durationMs: number
  of(map: string): Counts
  /** By the key, its numbers divided by commas. */
  early(map: string): ReadonlyMap<string, number>
}

export interface TotalsSets {
  /** A map of the set that is being printed. */
  add(map: string, counts: () => Counts): void
  /** The set is whole. */
  end(ns: number): void
  /** Undefined before the first set is whole. */
  totals(): Totals | undefined
}

type Maps = ReadonlyMap<string, () => Counts>
const NO_MAPS: Maps = new Map()

/**
 * Sets of totals since the program was attached, each with the time. Only the last and the one in the middle are parsed,
 * in the end; those before the middle are dropped as they come.
 */
export function totalsSets(): TotalsSets {
  const sets: { ns: number; maps: Maps }[] = []
  let fresh = new Map<string, () => Counts>()
  const middle = () => (sets.length >> 1) - 1
  return {
    add: (map, counts) => void fresh.set(map, counts),
    end(ns) {
      // A map that is empty is not printed, and none becomes empty again.
      sets.push({ ns, maps: new Map([...(sets.at(-1)?.maps ?? []), ...fresh]) })
      fresh = new Map()
      const past = sets[middle() - 1]
      if (past !== undefined) past.maps = NO_MAPS
    },
    totals() {
      const [first] = sets
      const last = sets.at(-1)
      if (first === undefined || last === undefined) return undefined
      const half = sets[middle()]
      return {
        durationMs: (last.ns - first.ns) / 1e6 + PRINT_EVERY_MS,
        of: map => last.maps.get(map)?.() ?? [],
        early: map => new Map((half?.maps.get(map)?.() ?? []).map(({ key, count }) => [key.join(), count])),
      }
    },
  }
}
