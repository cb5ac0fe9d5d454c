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

const bucketKey = ({ min, max }: Bucket) => `${min},${max}`
