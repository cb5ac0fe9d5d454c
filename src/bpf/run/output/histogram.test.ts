import { expect, test } from 'vitest'
import { histogramDifference, histogramTotal, largestFirst, mergeBuckets } from './histogram.ts'

const bucket = (min: number, max: number, count: number) => ({ min, max, count })

test('what was added between two looks: buckets that grew, by as much as they did', () => {
  const before = [bucket(2, 3, 5), bucket(4, 7, 1)]
  const now = [bucket(2, 3, 5), bucket(4, 7, 4), bucket(8, 15, 2)]
  expect(histogramDifference(now, before)).toEqual([bucket(4, 7, 3), bucket(8, 15, 2)])
  expect(histogramDifference(now, now)).toEqual([])
})

test('open ends are bounds of their own', () => {
  const low = { max: -1, count: 3 }
  expect(histogramDifference([low], [{ max: -1, count: 1 }])).toEqual([{ max: -1, count: 2 }])
  expect(histogramDifference([low], [{ min: -1, count: 1 }])).toEqual([low])
})

test('buckets of equal bounds add up', () => {
  expect(mergeBuckets([bucket(2, 3, 5), bucket(4, 7, 1), bucket(2, 3, 2)])).toEqual([bucket(2, 3, 7), bucket(4, 7, 1)])
})

test('the one with the most values first', () => {
  const small = { buckets: [bucket(2, 3, 9)] }
  const large = { buckets: [bucket(2, 3, 5), bucket(4, 7, 5)] }
  expect(histogramTotal(large.buckets)).toBe(10)
  expect(largestFirst([small, large])).toEqual([large, small])
})
