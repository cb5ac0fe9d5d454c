import { describe, expect, test } from 'vitest'
import { failConditionsOf, meetsAny, refuseOtherModes, secondsOf, whatIfOf } from './flags.ts'
import { InputError, UsageError } from '../../errors.ts'
import type { TuplePressure } from '../model.ts'
import { reportOf, clients } from '../../../test/support/time-wait-recording.ts'

const tuplesOf = (settings: Record<string, string>): TuplePressure[] =>
  reportOf({ rows: clients(50, { from: 33000 }), settings }).tuples
/** Half of 100 ports taken, ten more a second: 5 s to go. */
const HALF = tuplesOf({ ip_local_port_range: '33000\t33099' })

describe('--fail-on', () => {
  test.each([
    ['utilization>49%', true],
    ['utilization>50%', false],
    ['utilisation > 49.9', true],
    ['exhaustion<60s', true],
    ['exhaustion<6', true],
    ['exhaustion<4s', false],
    ['utilization>80%,exhaustion<60s', true],
  ])('%s', (text, met) => expect(meetsAny(failConditionsOf([text]), HALF, 'x')).toBe(met))

  test('nothing asked, nothing met', () => expect(meetsAny([], HALF, 'x')).toBe(false))

  test('what cannot be told is no "no"', () => {
    const unknown = tuplesOf({ ip_local_port_range: 'nonsense' })
    expect(() => meetsAny(failConditionsOf(['utilization>80%']), unknown, 'x')).toThrow(InputError)
  })

  test.each(['', 'utilization', 'utilization<80%', 'exhaustion>60s', 'utilization>x%', 'load>3'])(
    '%j is refused',
    text => {
      expect(() => failConditionsOf([text])).toThrow(UsageError)
    },
  )
})

describe('--what-if', () => {
  test('all of it', () => {
    expect(whatIfOf('range=1024-65535,reuse=1,sources=+2,pool=50')).toEqual({
      range: { low: 1024, high: 65535 },
      reuse: 1,
      moreSources: 2,
      pool: 50,
    })
  })

  test.each([
    '',
    'range',
    'range=5',
    'range=9-7',
    'range=1-70000',
    'reuse=3',
    'reuse=x',
    'sources=-1',
    'pool=',
    'speed=9',
  ])('%j is refused', text => expect(() => whatIfOf(text)).toThrow(UsageError))
})

describe('operands', () => {
  const WHO = { who: true, watch: false }
  test('seconds behind --who', () => {
    expect(secondsOf(['2.5'], WHO)).toBe(2.5)
    expect(secondsOf([], WHO)).toBeUndefined()
  })

  test.each([[['0']], [['x']], [['1', '2']], [['-1']]])('%j is refused', operands => {
    expect(() => secondsOf(operands, WHO)).toThrow(UsageError)
  })

  test('a number without --who or --watch is refused', () => {
    expect(() => secondsOf(['5'], { who: false, watch: false })).toThrow(UsageError)
  })

  test.each([
    { who: true, watch: true, 'all-netns': false },
    { who: true, watch: false, 'all-netns': true },
    { who: true, watch: false, 'all-netns': false, from: 'x' },
    { who: false, watch: true, 'all-netns': false, from: 'x' },
  ])('%j do not go together', flags => expect(() => refuseOtherModes(flags)).toThrow(UsageError))
})
