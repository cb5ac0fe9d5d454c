import { describe, expect, test } from 'vitest'
import { durationMsFlag } from './duration-flag.ts'

const flag = durationMsFlag('wait', { description: 'how long', leastMs: 1 })
const parse = (text: string) => flag.parse(text, undefined as never, undefined as never)

describe('a time as milliseconds', () => {
  test.each([
    ['10', 10_000],
    ['1.5s', 1500],
    ['1500us', 1.5],
    ['2000000ns', 2],
    ['250ms', 250],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ])('%s', async (text, ms) => {
    expect(await parse(text)).toBeCloseTo(ms, 9)
  })

  test.each([
    ['soon', '--wait soon is no time'],
    ['-1s', '--wait -1s is no time'],
    ['1 s', '--wait 1 s is no time'],
    ['5d', '--wait 5d is no time'],
    ['999us', '--wait 999us is not between 1 ms and 24 days'],
    ['577h', '--wait 577h is not between 1 ms and 24 days'],
  ])('refused: %s', (text, message) => {
    expect(() => parse(text)).toThrow(message)
  })
})
