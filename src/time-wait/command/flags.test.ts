import { describe, expect, test } from 'vitest'
import { failConditionsOf, metConditions, operandsOf, refuseOtherModes, secondsOf, whatIfOf } from './flags.ts'
import { InputError, UsageError } from '../../errors.ts'
import type { TimeWaitReport } from '../model.ts'
import { reportOf, clients } from '../../../test/support/time-wait-recording.ts'

type Judged = Pick<TimeWaitReport, 'tuples' | 'incomplete'>
const reportWith = (settings: Record<string, string>): Judged =>
  reportOf({ rows: clients(50, { from: 33000 }), settings })
const isMet = (text: string, report: Judged) => metConditions(failConditionsOf([text]), [report], 'x').length > 0

/** Half of 100 ports taken, ten more a second: 5 s to go. */
const HALF = reportWith({ ip_local_port_range: '33000\t33099' })

describe('--fail-on', () => {
  test.each([
    ['utilization>49%', true],
    ['utilization>50%', false],
    ['utilisation > 49.9', true],
    ['exhaustion<60s', true],
    ['exhaustion<6', true],
    ['exhaustion<4s', false],
    ['utilization>80%,exhaustion<60s', true],
  ])('%s', (text, met) => expect(isMet(text, HALF)).toBe(met))

  test('nothing asked, nothing met', () => expect(metConditions([], [HALF], 'x')).toEqual([]))

  test('what is met, and by which destination', () => {
    const [met] = metConditions(failConditionsOf(['utilization>90%,exhaustion<60s']), [HALF], 'x')
    expect(met).toMatchObject({ condition: { text: 'exhaustion<60s' }, tuple: { remoteAddress: '192.0.2.10' } })
  })

  test('what cannot be told is no "no"', () => {
    const unknown = reportWith({ ip_local_port_range: 'nonsense' })
    expect(() => isMet('utilization>80%', unknown)).toThrow(InputError)
  })

  test('a table that is not whole can prove a failure, never its absence', () => {
    const cut = { ...HALF, incomplete: 'a table was cut short' }
    expect(isMet('utilization>49%', cut)).toBe(true)
    expect(() => isMet('utilization>80%', cut)).toThrow(/a table was cut short/)
    expect(() => isMet('utilization>80%', { tuples: [], incomplete: 'gone' })).toThrow(InputError)
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
    'sources=2',
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

  test('a filter stands alone, or behind the seconds', () => {
    const read = (words: string[], flags = WHO) => {
      const { seconds, filter } = operandsOf(words, flags)
      return [seconds, filter?.text]
    }
    expect(read(['dst', '10.0.0.0/8'], { who: false, watch: false })).toEqual([undefined, 'dst = 10.0.0.0/8'])
    expect(read(['2.5', 'dport', '=', '80'])).toEqual([2.5, 'dport = 80'])
    expect(read(['2.5'])).toEqual([2.5, undefined])
    expect(() => operandsOf(['state', 'all'], WHO)).toThrow('state is no question to sums')
    expect(() => operandsOf(['5'], { who: false, watch: false })).toThrow(UsageError)
  })

  test.each([[['0']], [['x']], [['1', '2']], [['-1']]])('%j is refused', operands => {
    expect(() => secondsOf(operands, WHO)).toThrow(UsageError)
  })

  test('a number without --who or --watch is refused', () => {
    expect(() => secondsOf(['5'], { who: false, watch: false })).toThrow(UsageError)
  })

  test.each([
    { who: true, watch: true, 'all-netns': false },
    { who: false, watch: false, 'all-netns': false, explain: true, json: true },
    { who: true, watch: false, 'all-netns': true },
    { who: false, watch: false, 'all-netns': true, netns: 'blue' },
    { who: true, watch: false, 'all-netns': false, from: 'x' },
    { who: false, watch: true, 'all-netns': false, from: 'x' },
  ])('%j do not go together', flags => expect(() => refuseOtherModes(flags)).toThrow(UsageError))
})
