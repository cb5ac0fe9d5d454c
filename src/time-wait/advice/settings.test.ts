import { expect, test } from 'vitest'
import { clients, reportOf, type Recording } from '../../../test/support/time-wait-recording.ts'

const evidenceOf = (code: string, recording: Recording) =>
  reportOf(recording).advice.find(advice => advice.code === code)?.evidence

test.each<[string, Recording, string[] | undefined]>([
  [
    'tw-overflow',
    { ext: { TCPTimeWaitOverflow: 7 } },
    ['TCPTimeWaitOverflow 7, limit 131072, now 0', 'the kernel no longer logs it'],
  ],
  // A connection within the host counts as opened and as accepted.
  [
    'linger-zero',
    { ext: { TCPAbortOnData: 120 }, tcp: { ActiveOpens: 150, PassiveOpens: 150 } },
    ['TCPAbortOnData 120 since the namespace began, of 150 connections opened and 150 accepted'],
  ],
  ['linger-zero', { ext: { TCPAbortOnData: 20 }, tcp: { ActiveOpens: 2001, PassiveOpens: 2001 } }, undefined],
  [
    'fin-timeout-lowered',
    { rows: clients(2, { state: '05' }), settings: { tcp_fin_timeout: '3' } },
    ['net.ipv4.tcp_fin_timeout=3, 2 in FIN_WAIT2, 0 in TIME_WAIT'],
  ],
  [
    'max-buckets-lowered',
    { settings: { tcp_max_tw_buckets: '131071' } },
    ["net.ipv4.tcp_max_tw_buckets=131071, the kernel's own choice is 131072"],
  ],
])('%s: %#', (code, recording, evidence) => expect(evidenceOf(code, recording)).toEqual(evidence))

test('an overflow fails connections now only where the limit is reached', () => {
  const severityAt = (max: string) =>
    reportOf({ rows: clients(96), ext: { TCPTimeWaitOverflow: 7 }, settings: { tcp_max_tw_buckets: max } }).advice.find(
      ({ code }) => code === 'tw-overflow',
    )!.severity
  expect(severityAt('100')).toBe('critical')
  expect(severityAt('110')).toBe('warning')
})
