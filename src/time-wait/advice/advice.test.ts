import { describe, expect, test } from 'vitest'
import { clients, mini, reportOf, socket, type Recording } from '../../../test/support/time-wait-recording.ts'

const adviceOf = (recording: Recording) => reportOf(recording).advice
const codesOf = (recording: Recording) => adviceOf(recording).map(advice => advice.code)

const LISTENER = socket('0.0.0.0:8080', '0.0.0.0:0', '0A', '7000')
const SERVED = Array.from({ length: 200 }, (_, i) => mini('192.0.2.1:8080', `198.51.100.9:${40000 + i}`, i / 10)).join(
  '',
)
const PROBES = Array.from({ length: 25 }, (_, i) =>
  mini(`198.51.100.7:${32768 + 2 * i}`, `192.0.2.${i + 1}:443`, i),
).join('')
const LEAK = Array.from({ length: 25 }, (_, i) =>
  socket('192.0.2.1:8080', `198.51.100.9:${40000 + i}`, '08', `${8000 + i}`),
).join('')

const waiting = (connections: number) =>
  socket('0.0.0.0:8080', '0.0.0.0:0', '0A', '7000', `00000000:0000000${connections}`)
/** Its client has closed, and no process has it yet. */
const NEVER_ACCEPTED = socket('192.0.2.1:8080', '198.51.100.9:40000', '08', '0')

/** Each row of the symptom table: a recording that shows it, and the nearest one that does not. */
const SYMPTOMS: [code: string, level: string, shows: Recording, doesNot: Recording][] = [
  ['server-side', 'info', { rows: LISTENER + SERVED }, { rows: clients(200) }],
  [
    'slow-connect',
    'warning',
    { rows: clients(90, { from: 33000, step: 1 }), settings: { ip_local_port_range: '33000\t33099' } },
    { rows: clients(50, { from: 33000, step: 2 }), settings: { ip_local_port_range: '33000\t33099' } },
  ],
  [
    'ports-exhausted',
    'critical',
    { rows: clients(100, { from: 33000, step: 1 }), settings: { ip_local_port_range: '33000\t33099' } },
    {
      rows: clients(100, { from: 33000, step: 1 }),
      settings: { ip_local_port_range: '33000\t33099', tcp_tw_reuse: '1' },
    },
  ],
  [
    'ports-run-out',
    'critical',
    { rows: clients(50, { from: 33000 }), settings: { ip_local_port_range: '33000\t33099' } },
    { rows: clients(50, { from: 33000, everyS: 1.1 }), settings: { ip_local_port_range: '33000\t33099' } },
  ],
  [
    'bind-before-connect',
    'warning',
    { rows: clients(40, { from: 32769 }) },
    // As many of either parity: ports that were picked at random say nothing.
    { rows: clients(40, { from: 32769, step: 1 }) },
  ],
  ['tw-overflow', 'warning', { ext: { TCPTimeWaitOverflow: 7 } }, { ext: { TCPTimeWaitOverflow: 0 } }],
  ['peer-never-closes', 'warning', { rows: clients(30, { state: '05' }) }, { rows: clients(19, { state: '05' }) }],
  ['never-closes', 'warning', { rows: LISTENER + LEAK }, { rows: LISTENER }],
  ['many-destinations', 'info', { rows: PROBES }, { rows: clients(25) }],
  [
    'reuse-carries-load',
    'info',
    { ext: { TWRecycled: 50 }, tcp: { ActiveOpens: 100 } },
    { ext: { TWRecycled: 9 }, tcp: { ActiveOpens: 100 } },
  ],
  ['old-timestamps', 'info', { ext: { PAWSTimewait: 23 } }, { ext: { PAWSTimewait: 0, PAWSEstab: 23 } }],
  ['old-timestamps', 'info', { ext: { PAWSEstab: 23 } }, { ext: { PAWSEstab: 0 } }],
  [
    'restart',
    'warning',
    { rows: mini('192.0.2.1:8080', '198.51.100.9:40000', 12) },
    { rows: LISTENER + mini('192.0.2.1:8080', '198.51.100.9:40000', 12) },
  ],
  [
    'accept-queue',
    'critical',
    { rows: waiting(9) + NEVER_ACCEPTED, ext: { ListenOverflows: 3 } },
    // A healthy server that was once too slow, read while a connection waits for accept().
    { rows: waiting(1), ext: { ListenOverflows: 4 } },
  ],
  [
    'short-connections',
    'info',
    { rows: clients(700, { everyS: 0.08 }), tcp: { ActiveOpens: 1000, PassiveOpens: 0 } },
    { rows: clients(700, { everyS: 0.08 }), tcp: { ActiveOpens: 9000, PassiveOpens: 0 } },
  ],
  [
    'linger-zero',
    'info',
    { ext: { TCPAbortOnData: 50 }, tcp: { ActiveOpens: 1000 } },
    { ext: { TCPAbortOnData: 9 }, tcp: { ActiveOpens: 1000 } },
  ],
  [
    'reuse-without-timestamps',
    'warning',
    { settings: { tcp_tw_reuse: '1', tcp_timestamps: '0' } },
    { settings: { tcp_tw_reuse: '1', tcp_timestamps: '1' } },
  ],
  ['timestamps-off', 'warning', { settings: { tcp_timestamps: '0' } }, { settings: {} }],
  ['fin-timeout-lowered', 'info', { settings: { tcp_fin_timeout: '15' } }, { settings: { tcp_fin_timeout: '60' } }],
  [
    'max-buckets-lowered',
    'warning',
    { settings: { tcp_max_tw_buckets: '5000' } },
    { settings: { tcp_max_tw_buckets: '131072' } },
  ],
  ['rfc1337', 'warning', { settings: { tcp_rfc1337: '1' } }, { settings: { tcp_rfc1337: '0' } }],
  [
    'tw-recycle',
    'warning',
    { files: { 'self/root/etc/sysctl.d/99-tuning.conf': '# old\nnet.ipv4.tcp_tw_recycle = 1\n' } },
    { files: { 'self/root/etc/sysctl.d/99-tuning.conf': '# net.ipv4.tcp_tw_recycle = 1\n' } },
  ],
]

describe('symptoms', () => {
  test.each(SYMPTOMS)('%s (%s) is found where it is, and not where it is not', (code, severity, shows, doesNot) => {
    const advice = adviceOf(shows).find(advice => advice.code === code)
    expect(advice).toMatchObject({
      severity,
      evidence: [expect.stringMatching(/\d/), ...(advice?.evidence.slice(1) ?? [])],
    })
    expect(codesOf(doesNot)).not.toContain(code)
  })
})

describe('verdict', () => {
  test('harmless, do nothing', () => {
    expect(reportOf({ rows: clients(500) }).verdict).toEqual({
      severity: 'ok',
      sentence: 'do nothing: the fullest destination, 192.0.2.10:80 from 198.51.100.7, holds 500 of 28232 ports, 1.8 %',
    })
  })

  test('nothing there', () => {
    expect(reportOf({}).verdict).toEqual({ severity: 'ok', sentence: 'nothing is in TIME_WAIT' })
  })

  test('the most severe advice is the verdict', () => {
    const { verdict } = reportOf({
      rows: clients(100, { from: 33000, step: 1 }),
      settings: { ip_local_port_range: '33000\t33099', tcp_rfc1337: '1' },
    })
    expect(verdict).toMatchObject({ severity: 'critical', sentence: expect.stringContaining('EADDRNOTAVAIL') })
  })

  test('myths are refused where they would be tried', () => {
    const [advice] = adviceOf({
      rows: clients(100, { from: 33000, step: 1 }),
      settings: { ip_local_port_range: '33000\t33099' },
    })
    expect(advice!.not.join('\n')).toMatch(/tcp_fin_timeout[^]*SO_LINGER[^]*tcp_tw_recycle[^]*tcp_max_tw_buckets/)
  })
})
