import { expect, test } from 'vitest'
import { totalsSets } from './counted-totals.ts'

test('nothing before the first set is whole', () => {
  const sets = totalsSets()
  sets.add('futex', () => [{ key: [7], count: 1 }])
  expect(sets.totals()).toBeUndefined()
})

test.each([
  [1, undefined],
  [2, 1],
  [3, 1],
  [4, 2],
  [9, 4],
  [10, 5],
])('of %i sets the half is set %s, and only it and the last are parsed', (count, half) => {
  const parsed = new Set<number>()
  const sets = totalsSets()
  for (let set = 1; set <= count; set += 1) {
    sets.add('futex', () => {
      parsed.add(set)
      return [{ key: [7, -2], count: set * 10 }]
    })
    sets.end(set * 500e6)
  }
  const totals = sets.totals()!
  expect(totals.durationMs).toBe(count * 500)
  expect(totals.of('futex')).toEqual([{ key: [7, -2], count: count * 10 }])
  expect(totals.early('futex').get('7,-2')).toBe(half === undefined ? undefined : half * 10)
  expect([...parsed].toSorted((a, b) => a - b)).toEqual(half === undefined ? [count] : [half, count])
})

test('a map that was not printed again has not changed', () => {
  const sets = totalsSets()
  sets.add('forks', () => [{ key: [1], count: 5 }])
  for (let set = 1; set <= 5; set += 1) sets.end(set)
  expect(sets.totals()!.of('forks')).toEqual([{ key: [1], count: 5 }])
  expect(sets.totals()!.of('futex')).toEqual([])
})
