import { expect, test } from 'vitest'
import { paceMs } from './pace.ts'

test.each([
  ['a cheap look: as asked for', 1000, 20, 1000],
  ['at the share', 1000, 50, 1000],
  ['a dear look is rarer', 1000, 51, 1020],
  ['a dear look, a short interval', 100, 200, 4000],
])('%s', (_, interval, cpu, pace) => {
  expect(paceMs(interval, cpu)).toBeCloseTo(pace)
})
