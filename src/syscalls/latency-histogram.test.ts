import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addLatency,
  addToBucket,
  bucketFloor,
  bucketOf,
  bucketsOf,
  createHistogram,
  histogramTotal,
  mergeHistogram,
  percentiles,
} from './latency-histogram.ts'

const of = (values: readonly number[]) => {
  const histogram = createHistogram()
  for (const value of values) addLatency(histogram, value)
  return histogram
}
const duration = fc.oneof(fc.nat(20), fc.nat(2 ** 31 - 1), fc.maxSafeNat())

describe('buckets', () => {
  test.each([
    [0, 0],
    [7, 7],
    [8, 24],
    [15, 31],
    [16, 32],
    [1000, 79],
    [2 ** 32 - 1, 255],
    [2 ** 32, 256],
    [6e9, 259],
    [-5, 0],
  ])('%d ns is in bucket %d', (ns, index) => {
    expect(bucketOf(ns)).toBe(index)
  })

  test('a duration is within its bucket, and the middle of it at most 6.25 % off', () => {
    fc.assert(
      fc.property(duration, ns => {
        const index = bucketOf(ns)
        expect(bucketFloor(index)).toBeLessThanOrEqual(ns)
        expect(bucketFloor(index + 1)).toBeGreaterThan(ns)
        const [middle] = percentiles(of([ns]), [1])
        expect(Math.abs(middle! - ns)).toBeLessThanOrEqual(0.0625 * Math.max(ns, 1))
      }),
    )
  })

  test('of longer durations have higher indices', () => {
    fc.assert(
      fc.property(duration, duration, (a, b) => {
        expect(Math.sign(bucketOf(a) - bucketOf(b)) * Math.sign(a - b)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('percentiles', () => {
  test('are the durations a share of the calls does not exceed', () => {
    fc.assert(
      fc.property(
        fc.array(duration, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = [...values].sort((a, b) => a - b)
          const exact = sorted[Math.ceil(share * sorted.length) - 1]!
          const [told] = percentiles(of(values), [share], { minNs: sorted[0], maxNs: sorted.at(-1) })
          expect(Math.abs(told! - exact)).toBeLessThanOrEqual(0.0625 * Math.max(exact, 1))
        },
      ),
    )
  })

  test('of nothing are none', () => {
    expect(percentiles(createHistogram(), [0.5])).toEqual([])
  })

  test('stay within what is known', () => {
    expect(percentiles(of([1000, 1000]), [0.5, 1], { minNs: 1000, maxNs: 1000 })).toEqual([1000, 1000])
  })
})

test('merged histograms hold the calls of both', () => {
  fc.assert(
    fc.property(fc.array(duration), fc.array(duration), (a, b) => {
      const merged = of(a)
      mergeHistogram(merged, of(b))
      expect([...bucketsOf(merged)]).toEqual([...bucketsOf(of([...a, ...b]))])
      expect(histogramTotal(merged)).toBe(a.length + b.length)
    }),
  )
})

test('buckets counted elsewhere are the same buckets', () => {
  const histogram = createHistogram()
  addToBucket(histogram, 259, 3)
  expect([...bucketsOf(histogram)]).toEqual([{ index: 259, fromNs: 5_905_580_032, toNs: 6_442_450_944, count: 3 }])
})
