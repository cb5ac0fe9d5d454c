import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mini, reportOf } from '../../../test/support/time-wait-recording.ts'

const rowsOf = (ages: readonly number[], state = '06') =>
  ages.map((ageS, i) => mini(`198.51.100.7:${32768 + i}`, '192.0.2.10:80', ageS, state)).join('')
const historyOf = (ages: readonly number[], state?: string) => reportOf({ rows: rowsOf(ages, state) }).history!

describe('arrivals per second', () => {
  test('the last bucket is the second before the read', () => {
    const { perSecond, meanPerS, peakPerS, dutyCycle } = historyOf([0.5, 0.6, 1.5, 59.5])
    expect(perSecond.slice(-3)).toEqual([0, 1, 2])
    expect(perSecond[0]).toBe(1)
    expect({ meanPerS, peakPerS, dutyCycle }).toEqual({ meanPerS: 4 / 60, peakPerS: 2, dutyCycle: 3 / 60 })
  })

  test('rows at timer 0 are older than the history, FIN_WAIT2 is no TIME_WAIT', () => {
    expect(historyOf([60, 61]).peakPerS).toBe(0)
    expect(historyOf([1.5], '05').peakPerS).toBe(0)
  })

  test('a burst is a run of seconds above half as much again as the mean', () => {
    expect(historyOf([10.5, 10.6, 9.5, 3.5]).bursts).toEqual([
      { startedAgoS: 11, lengthS: 2, arrivals: 3 },
      { startedAgoS: 4, lengthS: 1, arrivals: 1 },
    ])
  })

  test('every row that has time left is in one bucket', () => {
    const ages = fc.array(fc.double({ min: 0, max: 59.98, noNaN: true }), { maxLength: 50 })
    fc.assert(
      fc.property(ages, ages => {
        const { perSecond, bursts } = historyOf(ages)
        expect(perSecond.reduce((sum, count) => sum + count, 0)).toBe(ages.length)
        expect(bursts.reduce((sum, burst) => sum + burst.arrivals, 0)).toBeLessThanOrEqual(ages.length)
      }),
      { numRuns: 40 },
    )
  })
})
