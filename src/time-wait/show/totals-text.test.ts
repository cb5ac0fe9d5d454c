import { expect, test } from 'vitest'
import { clients, mini, reportOf, type Recording } from '../../../test/support/time-wait-recording.ts'
import { countsLines, summaryLine } from './totals-text.ts'

const served = mini('192.0.2.1:80', '198.51.100.9:40000', 5)

test.each<[string, Recording, string]>([
  ['nothing', {}, 'TIME_WAIT 0, 28232 local ports per destination (32768-60999)'],
  ['clients', { rows: clients(3) }, 'TIME_WAIT 3, opened from here, 28232 local ports per destination (32768-60999)'],
  [
    'servers',
    { rows: served },
    'TIME_WAIT 1, opened by the other side, 28232 local ports per destination (32768-60999)',
  ],
  [
    'both, and FIN_WAIT2',
    { rows: clients(3) + served + clients(2, { from: 40000, state: '05' }) },
    'TIME_WAIT 4 (3 opened from here, 1 by the other side), FIN_WAIT2 2, 28232 local ports per destination (32768-60999)',
  ],
  [
    'no range',
    { rows: clients(3), settings: { ip_local_port_range: 'x' } },
    'TIME_WAIT 3, opened from here, local ports per destination not known',
  ],
])('%s', (_, recording, line) => expect(summaryLine(reportOf(recording))).toBe(line))

test('what is not known is not 0', () => {
  const report = reportOf({
    rows: clients(3) + clients(1),
    settings: { ip_local_port_range: 'x' },
    files: { 'net/netstat': '', 'net/sockstat': '' },
  })
  expect(`\n${countsLines(report, 60)}`).toMatchInlineSnapshot(`
    "
    TIME_WAIT 3: 3 opened from this host, 0 opened by the other
      side
    FIN_WAIT2 0: closed here, the other side has not closed yet
    sockstat tw not known
    since the namespace began: not known
    local ports per destination: not known
    TIME_WAIT lasts 60 s and up to 2.05 s more (as with HZ=250;
      no row has stayed at timer 0 long enough to tell)
    1 row was in the table twice and is counted once
    "
  `)
})
