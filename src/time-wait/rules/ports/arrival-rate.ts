import type { LoadState } from '../../model.ts'

/** The rate is that of the last seconds: a longer window hides that a load has begun or ended. */
export const RATE_WINDOW_S = 5
/** A second that has less than this share of the seconds after it is before the load began. */
const PART_OF_LOAD = 0.2
/** Fewer arrivals are too few to see a beginning or an end in them. */
const FEW = 10
/** A load is over after this long without an arrival, and this many times the usual distance of two. */
const SILENCE_S = 1.5
const SILENT_GAPS = 5

export interface ArrivalRate {
  load: LoadState
  /** 0 where the load is over; as if they came within a second where it has `just-begun`. */
  perS: number
}

/** Collects arrivals by their age; there may be tens of thousands. */
export class Arrivals {
  /** By whole seconds of age. */
  readonly #counts = new Uint32Array(RATE_WINDOW_S)
  readonly #oldest = new Uint32Array(RATE_WINDOW_S)
  readonly #ticksPerS: number
  #newest = Infinity
  #isOlder = false

  constructor(ticksPerS: number) {
    this.#ticksPerS = ticksPerS
  }

  add(ageTicks: number): void {
    const age = Math.max(0, ageTicks)
    const second = Math.floor(age / this.#ticksPerS)
    if (second >= RATE_WINDOW_S) {
      this.#isOlder = true
      return
    }
    this.#counts[second]! += 1
    if (age > this.#oldest[second]!) this.#oldest[second] = age
    if (age < this.#newest) this.#newest = age
  }

  /** Those of the last second: all that can be counted where older ones may have been taken over. */
  get lastSecond(): number {
    return this.#counts[0]!
  }

  /**
   * The rate of the load that goes on now, from its beginning within the last seconds on. Arrivals that all came within
   * one second are no rate yet: a burst, or a load that has just begun.
   */
  rate(): ArrivalRate {
    const all = this.#counts.reduce((sum, count) => sum + count, 0)
    if (all === 0) return { load: 'none', perS: 0 }
    if (all < FEW) return { load: 'steady', perS: all / RATE_WINDOW_S }
    const { arrivals, oldest, isWhole } = this.#load()
    const newestS = this.#newest / this.#ticksPerS
    const oldestS = oldest / this.#ticksPerS
    const gapS = (oldestS - newestS) / Math.max(1, arrivals - 1)
    if (oldestS - newestS < 1) return newestS >= 1 ? { load: 'ended', perS: 0 } : { load: 'just-begun', perS: arrivals }
    if (newestS >= SILENCE_S && newestS > SILENT_GAPS * gapS) return { load: 'ended', perS: 0 }
    const spanS = isWhole && this.#isOlder ? RATE_WINDOW_S : Math.min(RATE_WINDOW_S, oldestS + gapS)
    return { load: 'steady', perS: arrivals / spanS }
  }

  /** Arrivals from now back to the second in which the load began. */
  #load(): { arrivals: number; oldest: number; isWhole: boolean } {
    const first = this.#counts.findIndex(count => count > 0)
    let arrivals = 0
    let oldest = 0
    let second = first
    for (; second < RATE_WINDOW_S; second += 1) {
      const before = second - first
      if (before > 0 && this.#counts[second]! < (arrivals / before) * PART_OF_LOAD) break
      arrivals += this.#counts[second]!
      oldest = Math.max(oldest, this.#oldest[second]!)
    }
    return { arrivals, oldest, isWhole: second === RATE_WINDOW_S }
  }
}
