import { expect, test } from 'vitest'
import { createTheme } from '../../../terminal/theme.ts'
import { textWidth } from '../../../terminal/text-width.ts'
import type { HealthReport } from '../../health/check-health.ts'
import { finding } from '../../health/rule.ts'
import { healthText } from './health-text.ts'

const LOOKED = { looks: 2, seconds: 2.04, sockets: 61, processes: 24 } as const
const REPORT: HealthReport = {
  findings: [
    finding('accept-queue-full', 'critical', 'api\x1b[31m (pid 7) does not accept on 127.0.0.1:80', {
      evidence: ['Recv-Q 3 in both looks, more than the limit 2', 'the same 3 connections waited in both looks'],
      do: ['see where it is'],
      not: ['a longer queue: nobody takes from it'],
    }),
    finding('deleted-executable', 'info', 'cron (pid 9) runs /bin/cron', { evidence: ['deleted'], do: [] }),
  ],
  looked: LOOKED,
  notLooked: [{ what: 'net/snmp', why: 'it could not be read', codes: ['retransmits', 'udp-receive-drops'] }],
}
const shown = (report: HealthReport, width = Infinity, color = false) =>
  [...healthText(report, { theme: createTheme(color), width })].join('')

test('findings, what was looked at, what was not', () => {
  expect(shown(REPORT)).toMatchInlineSnapshot(`
    "CRITICAL  api\\x1b[31m (pid 7) does not accept on 127.0.0.1:80
        because  Recv-Q 3 in both looks, more than the limit 2
                 the same 3 connections waited in both looks
        do       see where it is
        not      a longer queue: nobody takes from it

    INFO  cron (pid 9) runs /bin/cron
        because  deleted

    1 critical, 1 info among 61 TCP and UDP sockets of 24 processes, in two looks 2.0 s apart
    not looked at: net/snmp, since it could not be read (retransmits, udp-receive-drops)
    "
  `)
})

test.each([40, 80, 120])('no line is longer than a terminal of %i columns', width => {
  const text = shown(REPORT, width)
  expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(width)
})

test('a terminal of 40 columns', () => {
  expect(shown(REPORT, 40)).toMatchInlineSnapshot(`
    "CRITICAL  api\\x1b[31m (pid 7) does not
      accept on 127.0.0.1:80
      because Recv-Q 3 in both looks, more
        than the limit 2
        the same 3 connections waited in
        both looks
      do see where it is
      not a longer queue: nobody takes from
        it

    INFO  cron (pid 9) runs /bin/cron
      because deleted

    1 critical, 1 info among 61 TCP and UDP
      sockets of 24 processes, in two looks
      2.0 s apart
    not looked at: net/snmp, since it could
      not be read (retransmits,
      udp-receive-drops)
    "
  `)
})

test.each([
  [
    { ...REPORT, findings: [] },
    'nothing wrong found among 61 TCP and UDP sockets of 24 processes, in two looks 2.0 s apart',
  ],
  [{ ...REPORT, findings: REPORT.findings.slice(1) }, 'nothing wrong found (1 info) among'],
  [
    { ...REPORT, looked: { ...LOOKED, sockets: 1, processes: 1 } },
    '1 critical, 1 info among 1 TCP and UDP socket of 1 process, in',
  ],
  [{ ...REPORT, looked: { ...LOOKED, looks: 1 as const, seconds: undefined } }, 'of 24 processes, in one look\n'],
  [{ ...REPORT, looked: { ...LOOKED, seconds: undefined } }, 'of 24 processes, in two looks\n'],
])('the last line: %#', (report, line) => expect(shown(report)).toContain(line))

test('colour marks the severity', () => {
  expect(shown(REPORT, Infinity, true)).toContain('\x1b[1mCRITICAL')
  expect(shown(REPORT)).not.toContain('\x1b')
})
