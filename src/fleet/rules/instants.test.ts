import { describe, expect, test } from 'vitest'
import { clockAheadSeconds, instantWarnings } from './instants.ts'

/** Asked at 100.0 s, began to answer at 100.8 s. */
const answer = (clockSeconds: number | undefined, beganAtMs = 100_800) => ({
  host: 'web1',
  askedAtMs: 100_000,
  beganAtMs,
  clockSeconds,
})

describe('a clock', () => {
  test.each([
    [100, undefined],
    [102, undefined],
    [98, undefined],
    [105, 4],
    [3700, 3599],
    [90, -9],
    [undefined, undefined],
  ])('that shows %s', (clock, ahead) => {
    expect(clockAheadSeconds(answer(clock))).toBe(ahead)
  })
})

test('hosts that were read apart, and clocks that differ, are told', () => {
  expect(instantWarnings([answer(100), answer(100, 102_000)])).toEqual([])
  const late = { ...answer(100, 103_500), host: 'web2', askedAtMs: 103_000, clockSeconds: 60 }
  expect(instantWarnings([answer(100), late]).map(({ message }) => message)).toEqual([
    expect.stringContaining('up to 2.7 s apart'),
    expect.stringContaining('the clock of web2 is 42 s behind'),
  ])
})
