import type { Labels, Sample } from '../model.ts'
import { OTHER } from './fold.ts'

/** One bucket, both ends included, in microseconds; the first may have no lower end, the last no upper one. */
interface Bucket {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly count: number
}

/** What a run has counted so far, by key. */
export interface RunHistogram {
  key: string
  buckets: readonly Bucket[]
}

/** Upper ends of the buckets: 2^0 to 2^25 microseconds, which is half a minute. */
const BOUNDS = 26
const LABELS = Array.from({ length: BOUNDS }, (_, power) => String(2 ** power / 1e6))
/** Keys that have series; those that come later are one. */
const MOST_KEYS = 40

interface Total {
  /** Values at most as large as each bound and larger than the one before; the last place: larger than all. */
  counts: Float64Array
  sumUs: number
}

/**
 * Histograms of a job over all its runs: they never fall, whatever becomes of a tracer. The tracer tells counts between
 * powers of two of a microsecond; every series has all of these bounds, so that they can be added up. Their sum is
 * estimated from the middles of the buckets.
 */
export class HistogramTotals {
  /** Of runs that have ended. */
  readonly #ended = new Map<string, Total>()
  #current: readonly RunHistogram[] = []

  /** What the run of now has counted since it began. */
  now(histograms: readonly RunHistogram[]): void {
    this.#current = histograms
  }

  /** The run has ended: the next one begins at nothing. */
  end(): void {
    this.#addTo(this.#ended)
    this.#current = []
  }

  samples(labels: Labels): Sample[] {
    const totals = new Map([...this.#ended].map(([key, { counts, sumUs }]) => [key, { counts: counts.slice(), sumUs }]))
    this.#addTo(totals)
    return [...totals].flatMap(([key, total]) => samplesOf(total, { ...labels, key }))
  }

  #addTo(totals: Map<string, Total>): void {
    for (const { key, buckets } of this.#current) {
      const place = this.#keyOf(key)
      let total = totals.get(place)
      if (total === undefined) totals.set(place, (total = { counts: new Float64Array(BOUNDS + 1), sumUs: 0 }))
      for (const bucket of buckets) add(total, bucket)
    }
  }

  /** Keys that are known keep their series. */
  readonly #keys = new Set<string>()
  #keyOf(key: string): string {
    if (this.#keys.has(key)) return key
    if (this.#keys.size >= MOST_KEYS) return OTHER
    this.#keys.add(key)
    return key
  }
}

function add(total: Total, { min, max, count }: Bucket): void {
  // Whole microseconds, rounded down: what is counted as 3 took less than 4.
  const end = max === undefined ? Infinity : max + 1
  const power = end <= 1 ? 0 : Math.ceil(Math.log2(end))
  total.counts[Math.min(BOUNDS, power)]! += count
  const begin = Math.max(0, min ?? 0)
  total.sumUs += (count * (begin + (max === undefined ? begin : end))) / 2
}

function samplesOf({ counts, sumUs }: Total, labels: Labels): Sample[] {
  const samples: Sample[] = []
  let below = 0
  LABELS.forEach((le, at) => {
    below += counts[at]!
    samples.push({ labels: { ...labels, le }, value: below, suffix: '_bucket' })
  })
  const all = below + counts[BOUNDS]!
  samples.push({ labels: { ...labels, le: '+Inf' }, value: all, suffix: '_bucket' })
  samples.push({ labels, value: sumUs / 1e6, suffix: '_sum' }, { labels, value: all, suffix: '_count' })
  return samples
}
