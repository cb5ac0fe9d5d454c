import { expect, test } from 'vitest'
import { timeWaitView } from './time-wait.ts'

const tuple = (changes: object) => ({
  localAddress: '10.0.0.1',
  remoteAddress: '10.0.0.2',
  remotePort: 443,
  timeWait: 3,
  used: 4,
  blocked: 3,
  candidates: [],
  ...changes,
})
const view = (changes: object) =>
  timeWaitView({
    verdict: { severity: 'warning', sentence: 's' },
    totals: { timeWait: 3 },
    history: undefined,
    tuples: [],
    ...changes,
  } as never)

test('nothing is shown where there is nothing', () => {
  expect(view({ totals: { timeWait: 0 }, verdict: { severity: 'ok', sentence: '' } })).toBeUndefined()
  const quiet = { totals: { timeWait: 0 }, verdict: { severity: 'ok', sentence: '' } }
  expect(view({ ...quiet, history: { perSecond: [0, 0] } })).toBeUndefined()
  expect(view({ ...quiet, history: { perSecond: [0, 1] } })).toBeDefined()
  expect(view({ totals: { timeWait: 0 } })).toBeDefined()
})

test('destinations with their forecast and at most three programs', () => {
  const candidates = [1, 2, 3, 4].map(pid => ({ pid, program: 'api' }))
  const shown = view({
    tuples: [
      tuple({ candidates, utilization: 0.5, capacity: 8, forecast: { exhaustedInS: 9 } }),
      tuple({ remoteAddress: '::1' }),
    ],
  })
  expect(shown!.tuples).toMatchObject([
    {
      to: '10.0.0.2:443',
      used: 4,
      blocked: 3,
      share: 0.5,
      capacity: 8,
      exhaustedInS: 9,
      who: 'api (pid 1), api (pid 2), api (pid 3) and 1 more',
    },
    { to: '[::1]:443', who: '' },
  ])
})

test('a destination without a TIME_WAIT is shown only where it holds much of the ports', () => {
  const tuples = [tuple({ timeWait: 0, utilization: 0.02 }), tuple({ timeWait: 0, utilization: 0.4, remotePort: 80 })]
  expect(view({ tuples })!.tuples.map(({ to }) => to)).toEqual(['10.0.0.2:80'])
})
