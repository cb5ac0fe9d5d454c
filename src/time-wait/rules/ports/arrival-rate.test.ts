import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Arrivals } from './arrival-rate.ts'

const rateOf = (agesS: readonly number[]) => {
  const arrivals = new Arrivals(100)
  for (const ageS of agesS) arrivals.add(Math.round(ageS * 100))
  return arrivals.rate()
}
/** `perS` a second from `fromS` ago to `toS` ago. */
const load = (perS: number, fromS: number, toS = 0) =>
  Array.from({ length: Math.round((fromS - toS) * perS) }, (_, i) => toS + i / perS)

describe('the rate of the load that goes on', () => {
  test.each([
    ['a load that began 4 s ago', load(1000, 4), 1000],
    ['a load that began 2 s ago', load(1000, 2), 1000],
    ['a load that began 1.3 s ago', load(1000, 1.3), 1000],
    ['a minute of it', load(20, 60), 20],
    ['it began 2 s ago, an older row is left of another', [...load(900, 2), 4.5, 30], 900],
    ['it rose tenfold 2 s ago', [...load(1000, 2), ...load(100, 60, 2)], 1000],
    ['a batch once a second', load(1, 60).flatMap(at => load(5000, 0.02).map(within => at + within)), 100],
    ['few rows: the mean of the window', [0.5, 3], 0.4],
    ['400 at once 1.2 s ago, 9 a second since', [...load(9, 1.2), ...load(40_000, 1.21, 1.2)], 9],
    ['400 at once 3 s ago beside 9 a second', [...load(9, 60), ...load(40_000, 3.01, 3)], 9],
    ['700 in 0.8 s until 2 s ago beside 9 a second', [...load(9, 60), ...load(900, 2.8, 2)], 9],
    ['it fell to a twentieth 2 s ago', [...load(20, 2), ...load(400, 60, 2)], 20],
    ['it fell to half 2 s ago: the mean of the window', [...load(200, 2), ...load(400, 60, 2)], 320],
    [
      '400 at once every 10 s beside 9 a second',
      [...load(9, 60), ...[2, 12, 22, 32].flatMap(at => load(40_000, at + 0.01, at))],
      49,
    ],
    ['the same in the pause', [...load(9, 60), ...[8, 18, 28, 38].flatMap(at => load(40_000, at + 0.01, at))], 49],
    ['400 at once every 10 s, and nothing beside', [8, 18, 28, 38].flatMap(at => load(40_000, at + 0.01, at)), 40],
  ])('%s', (_, ages, perS) => {
    const rate = rateOf(ages)
    expect(rate.load).toBe('steady')
    expect(rate.perS / perS).toBeCloseTo(1, 0.9)
  })

  test.each([
    ['nothing', [], 'none'],
    ['rows that are older', [6, 30, 59], 'none'],
    ['8000 in 0.19 s, a second ago', load(42_000, 1.2, 1.01), 'ended'],
    ['twenty at once, 3 s ago', load(100, 3.2, 3), 'ended'],
    ['200 a second that ended 2 s ago', load(200, 5, 2), 'ended'],
    ['8000 in the last 0.19 s: a burst or a beginning', load(42_000, 0.19), 'just-begun'],
    ['the same beside 9 a second', [...load(9, 60), ...load(42_000, 0.19)], 'just-begun'],
    ['around a second ago beside 9 a second', [...load(9, 60), ...load(4_000, 1.1, 0.9)], 'just-begun'],
  ])('%s: %#', (_, ages, state) => {
    const { load, perS } = rateOf(ages)
    expect(load).toBe(state)
    if (load !== 'just-begun') expect(perS).toBe(0)
  })

  test('a steady rate is told within a tenth, wherever it began', () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 3000 }), fc.double({ min: 1.3, max: 60, noNaN: true }), (perS, fromS) => {
        const rate = rateOf(load(perS, fromS))
        expect(rate.load).toBe('steady')
        expect(Math.abs(rate.perS / perS - 1)).toBeLessThan(0.1)
      }),
    )
  })
})

test('where rows may be taken over, only the last second is counted', () => {
  const arrivals = new Arrivals(100)
  for (const age of [0, 99, 100, 499]) arrivals.add(age)
  expect(arrivals.lastSecond).toBe(2)
})
