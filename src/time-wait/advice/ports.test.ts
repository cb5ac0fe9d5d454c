import { expect, test } from 'vitest'
import { clients, reportOf, type Recording } from '../../../test/support/time-wait-recording.ts'

const adviceOf = (recording: Recording) => reportOf(recording).advice

test('a slow connect() matters where the search is long or few ports are left', () => {
  const slow = (ports: number, of: number) =>
    adviceOf({
      rows: clients(of / 2, { from: 20000 }) + clients(ports - of / 2, { from: 20001, everyS: 0.01 }),
      settings: { ip_local_port_range: `20000\t${20000 + of - 1}` },
    }).find(({ code }) => code === 'slow-connect')
  expect(slow(600, 1000)).toMatchObject({
    severity: 'info',
    evidence: [expect.anything(), expect.stringMatching(/0.1 ms/)],
  })
  expect(slow(850, 1000)).toMatchObject({ severity: 'warning' })
  expect(slow(6100, 12_000)).toMatchObject({
    severity: 'warning',
    evidence: [expect.anything(), expect.stringMatching(/2 ms instead of 15 us .* 28232/)],
  })
})

test.each([
  ['0', '1', /^sysctl -w net\.ipv4\.tcp_tw_reuse=1 \(now 0\)/],
  ['2', '1', /^sysctl -w net\.ipv4\.tcp_tw_reuse=1 \(now 2: loopback only\)/],
  ['1', '0', /^sysctl -w net\.ipv4\.tcp_timestamps=1 \(now 0\): tcp_tw_reuse=1 does nothing without/],
])('with tcp_tw_reuse=%s and timestamps=%s the remedy is the setting that is missing', (reuse, timestamps, remedy) => {
  const [advice] = adviceOf({
    rows: clients(100, { from: 33000, step: 1 }),
    settings: { ip_local_port_range: '33000\t33099', tcp_tw_reuse: reuse, tcp_timestamps: timestamps },
  })
  expect(advice!.do.filter(text => text.includes('sysctl'))).toEqual([expect.stringMatching(remedy)])
})
