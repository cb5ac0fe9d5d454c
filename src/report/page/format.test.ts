import { expect, test } from 'vitest'
import { amount, count, isTime, local, percent, plural, seconds, short, utc } from './format.ts'

test('numbers', () => {
  expect([count(1234), count(12.34), count(999)]).toEqual(['1\u202f234', '12.3', '999'])
  expect([short(999), short(1200), short(45_600), short(7_000_000)]).toEqual(['999', '1.2k', '46k', '7.0M'])
  expect([percent(0), percent(1e-5), percent(0.004), percent(0.514), percent(1)]).toEqual([
    '0 %',
    '< 0.1 %',
    '0.4 %',
    '51 %',
    '100 %',
  ])
  expect([plural(1, 'note'), plural(1000, 'note')]).toEqual(['1 note', '1\u202f000 notes'])
})

test('times', () => {
  expect(utc('2026-11-21T14:00:05.123Z')).toBe('2026-11-21 14:00:05 UTC')
  // The tests run in UTC.
  expect(local('2026-11-21T14:00:05.123Z')).toBe('14:00:05 UTC')
  expect([seconds(45.4), seconds(180), seconds(7200)]).toEqual(['45 s', '3 min', '2 h'])
})

test.each([
  [549_833, 'µs', '550 ms'],
  [1_500_000, 'microseconds', '1.5 s'],
  [1407, 'samples', '1\u202f407 samples'],
])('%i %s are %s', (value, unit, text) => expect(amount(value, unit)).toBe(text))

test.each(['', 'yesterday', '2026-13-45T00:00:00Z', '</time>'])('%j is no time, and no error', text => {
  expect(isTime(text)).toBe(false)
  expect(utc(text)).toBe(text)
  expect(local(text)).toBe('')
})
