import { expect, test } from 'vitest'
import { wheelStep } from './timing.ts'

test.each([
  [250, 60, 2.048],
  [1000, 60, 4.096],
  [100, 60, 5.12],
  [1000, 0.05, 0.001],
])('at HZ=%i a timer of %d s is exact to %d s', (hz, seconds, step) => expect(wheelStep(hz, seconds)).toBe(step))
