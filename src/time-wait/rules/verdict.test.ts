import { expect, test } from 'vitest'
import { clients, mini, reportOf, socket } from '../../../test/support/time-wait-recording.ts'

test.each([
  ['nothing there', {}, 'ok', /^nothing is in TIME_WAIT$/],
  ['few ports taken', { rows: clients(50) }, 'ok', /holds 50 of 28232 ports, 0\.2 %$/],
  [
    'ports that can be reused are not lost',
    { rows: clients(50, { everyS: 1 }), settings: { tcp_tw_reuse: '1' } },
    'ok',
    /\(50 taken, the rest can be reused\)$/,
  ],
  [
    'served connections take no port',
    { rows: socket('0.0.0.0:8080', '0.0.0.0:0', '0A', '7000') + mini('192.0.2.1:8080', '198.51.100.9:40000', 0) },
    'ok',
    /take no local port from any client here$/,
  ],
  [
    'the range is not known',
    { rows: clients(5), settings: { ip_local_port_range: 'x' } },
    'unknown',
    /^the local port range of this namespace is not known/,
  ],
  [
    'an advice that is only worth knowing does not decide',
    { rows: clients(5), ext: { PAWSTimewait: 3 } },
    'ok',
    /^do nothing/,
  ],
  [
    'a warning decides',
    { rows: clients(5), settings: { tcp_rfc1337: '1' } },
    'warning',
    /^tcp_rfc1337=1 keeps a reset from ending a TIME_WAIT/,
  ],
])('%s', (_, recording, severity, sentence) => {
  expect(reportOf(recording).verdict).toEqual({ severity, sentence: expect.stringMatching(sentence) })
})
