import type { LoadState } from '../../model.ts'
import { meanOfRecurringBursts } from './recurring-bursts.ts'

/** The rate is that of the last seconds: a longer window hides that a load has begun or ended. */
export const RATE_WINDOW_S = 5
/** Bursts come again within the time a TIME_WAIT lasts, or nobody can know. */
const HISTORY_S = 60
/** A second that has less than this share of the seconds after it is before the load began. */
const PART_OF_LOAD = 0.2
/** Fewer arrivals are too few to see a beginning or an end in them. */
const FEW = 10
/** A load is over after this long without an arrival, and this many times the usual distance of two. */
const SILENCE_S = 1.5
const SILENT_GAPS = 5
/** Parts of a second in which a burst is looked for, and how many of them it takes at most. */
const PARTS = 10
const BURST_PARTS = 5
/** A burst is this share of all arrivals; what comes beside it is another load. */
const MOST = 0.8

export interface ArrivalRate {
  load: LoadState
  /** 0 where the load is over; as if they came within a second where it has `just-begun`. */
  perS: number
}

/** Collects arrivals by their age; there may be tens of thousands. */
export class Arrivals {
  /** By whole seconds of age, and those of the window by tenths. */
  readonly #counts = new Uint32Array(HISTORY_S)
  readonly #parts = new Uint32Array(RATE_WINDOW_S * PARTS)
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
    if (second < HISTORY_S) this.#counts[second]! += 1
    if (second >= RATE_WINDOW_S) {
      this.#isOlder = true
      return
    }
    this.#parts[Math.floor((age * PARTS) / this.#ticksPerS)]! += 1
    if (age > this.#oldest[second]!) this.#oldest[second] = age
    if (age < this.#newest) this.#newest = age
  }

  /** Those of the last second: all that can be counted where older ones may have been taken over. */
  get lastSecond(): number {
    return this.#counts[0]!
  }

  /**
   * The rate of the load that goes on now, from its beginning within the last seconds on. Arrivals that all came within
   * one second are no rate yet: a burst, or a load that has just begun. A burst that is over counts only where such
   * bursts come again and again.
   */
  rate(): ArrivalRate {
    const rate = this.#recent()
    const recurring = rate.load === 'just-begun' ? undefined : meanOfRecurringBursts(this.#counts, FEW)
    return recurring !== undefined && recurring > rate.perS ? { load: 'steady', perS: recurring } : rate
  }

  /** By the last seconds alone. */
  #recent(): ArrivalRate {
    const all = this.#between(0, this.#parts.length)
    if (all === 0) return { load: 'none', perS: 0 }
    if (all < FEW) return { load: 'steady', perS: all / RATE_WINDOW_S }
    return this.#afterBurst(all) ?? this.#afterFall() ?? this.#rateOfLoad()
  }

  #rateOfLoad(): ArrivalRate {
    const { arrivals, oldest, isWhole } = this.#load()
    const newestS = this.#newest / this.#ticksPerS
    const oldestS = oldest / this.#ticksPerS
    const gapS = (oldestS - newestS) / Math.max(1, arrivals - 1)
    if (oldestS - newestS < 1) return newestS >= 1 ? { load: 'ended', perS: 0 } : { load: 'just-begun', perS: arrivals }
    if (newestS >= SILENCE_S && newestS > SILENT_GAPS * gapS) return { load: 'ended', perS: 0 }
    const spanS = isWhole && this.#isOlder ? RATE_WINDOW_S : Math.min(RATE_WINDOW_S, oldestS + gapS)
    return { load: 'steady', perS: arrivals / spanS }
  }

  /** Where nearly all came within half a second: what has come since. Nothing where there is no such burst. */
  #afterBurst(all: number): ArrivalRate | undefined {
    let burst = 0
    let from = 0
    for (let part = 0; part + BURST_PARTS <= this.#parts.length; part += 1) {
      const count = this.#between(part, part + BURST_PARTS)
      if (count > burst) [burst, from] = [count, part]
    }
    if (burst < all * MOST) return undefined
    const isPartOfBurst = (count: number, part: number) => part >= from && count * BURST_PARTS >= burst * PART_OF_LOAD
    const end = this.#parts.findIndex(isPartOfBurst)
    if (end < PARTS) return { load: 'just-begun', perS: burst }
    return this.#since(end)
  }

  /** Where far fewer come than came a moment ago: the rate since. */
  #afterFall(): ArrivalRate | undefined {
    for (let end = SILENCE_S * PARTS; end + PARTS <= this.#parts.length; end += 1) {
      const { perS } = this.#since(end)
      const before = this.#between(end, end + PARTS)
      const isEnd = this.#parts[end - 1]! * PARTS < before / 2
      if (isEnd && perS > 0 && before >= FEW && perS < before * PART_OF_LOAD) return this.#since(end)
    }
    return undefined
  }

  #since(part: number): ArrivalRate {
    const perS = (this.#between(0, part) * PARTS) / part
    return { load: perS === 0 ? 'ended' : 'steady', perS }
  }

  #between(from: number, to: number): number {
    let sum = 0
    for (let part = from; part < to; part += 1) sum += this.#parts[part]!
    return sum
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
