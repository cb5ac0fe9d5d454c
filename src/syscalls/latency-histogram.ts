/**
 * A mergeable log-linear histogram of durations: eight buckets for every power of two, so that a value read back from a
 * bucket's middle is at most 6.25 % off.
 *
 * A bucket's index is what our bpftrace programs compute in the kernel: below 8 ns the value itself, else
 * `8 * m + the three bits below the highest`, where m is the position of the highest bit. Indices 8 to 23 stay empty.
 */
export interface LatencyHistogram {
  /** Index of the bucket that `counts[0]` counts. */
  first: number
  /** Calls per bucket, dense from `first` on, as far as ever needed. */
  counts: Float64Array
}

/** One bucket that holds something: durations from `fromNs` up to, not including, `toNs`. */
export interface LatencyBucket {
  index: number
  fromNs: number
  toNs: number
  count: number
}

/** Room on both sides of a new value, so that a histogram grows a few times in its life. */
const MARGIN = 16

export function createHistogram(): LatencyHistogram {
  return { first: 0, counts: new Float64Array(0) }
}

/** Index of the bucket of a duration; negative durations (a clock stepped back) count as 0. */
export function bucketOf(ns: number): number {
  if (ns < 8) return ns > 0 ? ns | 0 : 0
  if (ns < 0x1_0000_0000) {
    const m = 31 - Math.clz32(ns)
    return (m << 3) | ((ns >>> (m - 3)) & 7)
  }
  const m = 63 - Math.clz32(ns / 0x1_0000_0000)
  return (m << 3) | (Math.floor(ns / 2 ** (m - 3)) & 7)
}

/** The least duration of a bucket. */
export function bucketFloor(index: number): number {
  return index < 24 ? Math.min(index, 8) : (8 + (index & 7)) * 2 ** ((index >> 3) - 3)
}

export function addLatency(histogram: LatencyHistogram, ns: number): void {
  addToBucket(histogram, bucketOf(ns), 1)
}

/** Adds calls straight to a bucket, for sources that count in the same buckets. */
export function addToBucket(histogram: LatencyHistogram, index: number, count: number): void {
  const at = index - histogram.first
  if (at >= 0 && at < histogram.counts.length) histogram.counts[at]! += count
  else {
    widen(histogram, index)
    histogram.counts[index - histogram.first]! += count
  }
}

function widen(histogram: LatencyHistogram, index: number): void {
  const old = histogram.counts
  const empty = old.length === 0
  const first = Math.max(0, empty ? index - MARGIN : Math.min(histogram.first, index - MARGIN))
  const end = empty ? index + MARGIN : Math.max(histogram.first + old.length, index + MARGIN)
  histogram.counts = new Float64Array(end - first)
  if (!empty) histogram.counts.set(old, histogram.first - first)
  histogram.first = first
}

/** Adds every call of `from` to `into`. */
export function mergeHistogram(into: LatencyHistogram, from: LatencyHistogram): void {
  for (const { index, count } of bucketsOf(from)) addToBucket(into, index, count)
}

/** The buckets that hold something, shortest durations first. */
export function* bucketsOf(histogram: LatencyHistogram): Generator<LatencyBucket> {
  for (let at = 0; at < histogram.counts.length; at += 1) {
    const count = histogram.counts[at]!
    if (count === 0) continue
    const index = histogram.first + at
    yield { index, fromNs: bucketFloor(index), toNs: bucketFloor(index + 1), count }
  }
}

export function histogramTotal(histogram: LatencyHistogram): number {
  return histogram.counts.reduce((sum, count) => sum + count, 0)
}

/**
 * Durations that the given shares of all calls do not exceed (nearest rank), one for each entry of `shares` (0 to 1,
 * ascending); the middle of the bucket, within `minNs` and `maxNs` where they are known. Empty for an empty histogram.
 */
export function percentiles(
  histogram: LatencyHistogram,
  shares: readonly number[],
  bounds: { minNs?: number | undefined; maxNs?: number | undefined } = {},
): number[] {
  const total = histogramTotal(histogram)
  if (total === 0) return []
  const found: number[] = []
  let seen = 0
  for (const { fromNs, toNs, count } of bucketsOf(histogram)) {
    seen += count
    while (found.length < shares.length && seen >= Math.max(1, Math.ceil(shares[found.length]! * total))) {
      // A bucket of width 1 holds exactly one integer.
      const middle = toNs - fromNs <= 1 ? fromNs : (fromNs + toNs) / 2
      found.push(Math.min(Math.max(middle, bounds.minNs ?? 0), bounds.maxNs ?? Infinity))
    }
    if (found.length === shares.length) break
  }
  return found
}
