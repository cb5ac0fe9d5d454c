import { expect, test } from 'vitest'
import { clients, reportOf } from '../../../../test/support/time-wait-recording.ts'
import { timeWaitReusable } from './tuple-survey.ts'

const REMOTE = { localAddress: '198.51.100.7', remoteAddress: '192.0.2.10' }
const LOCAL = { localAddress: '127.0.0.1', remoteAddress: '127.0.0.1' }

test.each([
  ['off', LOCAL, { twReuse: 0, timestamps: 1 }, false],
  ['on', REMOTE, { twReuse: 1, timestamps: 1 }, true],
  ['on without timestamps', LOCAL, { twReuse: 1, timestamps: 0 }, false],
  ['loopback only, and it is', LOCAL, { twReuse: 2, timestamps: 1 }, true],
  ['loopback only, and it is not', REMOTE, { twReuse: 2, timestamps: 1 }, false],
  ['not known', LOCAL, { timestamps: 1 }, undefined],
  ['timestamps not known', LOCAL, { twReuse: 1 }, undefined],
])('tcp_tw_reuse %s', (_, tuple, settings, reusable) => expect(timeWaitReusable(tuple, settings)).toBe(reusable))

test('with reuse a port is held for the delay, and only the last second tells the rate', () => {
  const rows = clients(50, { from: 32768, everyS: 0.1 })
  const [tuple] = reportOf({ rows, settings: { tcp_tw_reuse: '1', tcp_tw_reuse_delay: '2000' } }).tuples
  // Of ages 0.0, 0.1, … s those up to 2.0 are held; ten came in the last second.
  expect(tuple).toMatchObject({ used: 50, blocked: 21, reusable: true, forecast: { arrivalsPerS: 10 } })
})

test('ports outside the range take none of it', () => {
  const rows = clients(5, { from: 32760 })
  expect(reportOf({ rows }).tuples[0]).toMatchObject({ timeWait: 5, used: 1 })
})
