import { expect, test } from 'vitest'
import { bucketCounts } from './bucket-counts.ts'

test('counts by key, and how many of them came in the first half of the steps', () => {
  let step = 0
  const counts = bucketCounts(() => step)
  for (step = 0; step < 10; step += 1) {
    counts.add('futex', 7)
    if (step >= 5) counts.add('futex', 8)
    if (step === 0) counts.add('failed', 7, 42, -11)
  }
  step = 9
  const totals = counts.totals(5000)
  expect(totals.durationMs).toBe(5000)
  expect(totals.of('futex')).toEqual([
    { key: [7], count: 10 },
    { key: [8], count: 5 },
  ])
  expect([...totals.early('futex')]).toEqual([
    ['7', 5],
    ['8', 0],
  ])
  expect([...totals.early('failed')]).toEqual([['7,42,-11', 1]])
  expect(totals.of('forks')).toEqual([])
})

test('says how many there are, and keeps no more keys than bpftrace', () => {
  const counts = bucketCounts(() => 0)
  expect([counts.add('a', 1), counts.add('a', 1), counts.add('b', 1)]).toEqual([1, 2, 1])
  for (let key = 0; key < 40_000; key += 1) counts.add('c', key)
  expect(counts.totals(1).of('c')).toHaveLength(32_768)
})
