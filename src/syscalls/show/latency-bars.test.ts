import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addLatency, createHistogram } from '../latency-histogram.ts'
import { latencyBars } from './latency-bars.ts'

function histogram(...ns: number[]) {
  const made = createHistogram()
  for (const each of ns) addLatency(made, each)
  return made
}

test('each column is a power of two, its height the share of the most', () => {
  const many = histogram(...Array.from({ length: 8 }, () => 1500), 3000, 3000, 3000, 3000, 70_000)
  const bars = latencyBars([many, undefined, histogram(1100)])!
  expect(bars.header).toBe('1.02 us..131 us')
  expect(bars.bar(many)).toBe('█▄    ▁')
  expect(bars.bar(histogram(1100))).toBe('█      ')
  expect(bars.bar(undefined)).toBe('')
})

test('nothing to show has no bars', () => {
  expect(latencyBars([undefined, createHistogram()])).toBeUndefined()
})

test('every bar is as wide as all others, 24 columns at most, and shows something', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(4e12), { minLength: 1 }), { minLength: 1 }), all => {
      const histograms = all.map(ns => histogram(...ns))
      const bars = latencyBars(histograms)!
      const widths = new Set(histograms.map(each => bars.bar(each).length))
      expect(widths.size).toBe(1)
      expect([...widths][0]).toBeLessThanOrEqual(24)
      for (const each of histograms) expect(bars.bar(each).trim()).not.toBe('')
    }),
  )
})
