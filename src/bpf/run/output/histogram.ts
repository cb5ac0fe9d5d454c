import type { Bucket } from './message.ts'

/** What was added to a histogram between two looks at it. */
export function histogramDifference(now: readonly Bucket[], before: readonly Bucket[]): Bucket[] {
  const counted = new Map(before.map(bucket => [bucketKey(bucket), bucket.count]))
  const added: Bucket[] = []
  for (const bucket of now) {
    const count = bucket.count - (counted.get(bucketKey(bucket)) ?? 0)
    if (count > 0) added.push(Object.assign({}, bucket, { count }))
  }
  return added
}

export function histogramTotal(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, bucket) => sum + bucket.count, 0)
}

/** The histogram with the most values first. */
export function largestFirst<Histogram extends { readonly buckets: readonly Bucket[] }>(
  histograms: readonly Histogram[],
): Histogram[] {
  return histograms.toSorted((a, b) => histogramTotal(b.buckets) - histogramTotal(a.buckets))
}

/** Buckets of several histograms with equal bounds added up. */
export function mergeBuckets(buckets: readonly Bucket[]): Bucket[] {
  const sums = new Map<string, Bucket>()
  for (const bucket of buckets) {
    const key = bucketKey(bucket)
    sums.set(key, Object.assign({}, bucket, { count: bucket.count + (sums.get(key)?.count ?? 0) }))
  }
  return [...sums.values()]
}

const bucketKey = ({ min, max }: Bucket) => `${min},${max}`
