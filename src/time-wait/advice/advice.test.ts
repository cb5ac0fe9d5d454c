import { describe, expect, test } from 'vitest'
import { answerOf, clients, mini, socket, type Recording } from '../../../test/support/time-wait-recording.ts'

const adviceOf = (recording: Recording) => answerOf(recording).view.report.advice
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

/** Each row of the symptom table: a recording that shows it, and the nearest one that does not. */
const SYMPTOMS: [code: string, level: string, shows: Recording, doesNot: Recording][] = [
  ['server-side', 'info', { rows: LISTENER + SERVED }, { rows: clients(200) }],
  [
    'slow-connect',
    'watch',
    { rows: clients(90, { from: 33000, step: 1 }), settings: { ip_local_port_range: '33000\t33099' } },
    { rows: clients(50, { from: 33000, step: 2 }), settings: { ip_local_port_range: '33000\t33099' } },
  ],
  [
    'ports-exhausted',
    'act',
    { rows: clients(100, { from: 33000, step: 1 }), settings: { ip_local_port_range: '33000\t33099' } },
    {
      rows: clients(100, { from: 33000, step: 1 }),
      settings: { ip_local_port_range: '33000\t33099', tcp_tw_reuse: '1' },
    },
  ],
  [
    'ports-run-out',
    'act',
    { rows: clients(50, { from: 33000 }), settings: { ip_local_port_range: '33000\t33099' } },
    { rows: clients(50, { from: 33000, everyS: 1.1 }), settings: { ip_local_port_range: '33000\t33099' } },
  ],
  [
    'bind-before-connect',
    'watch',
    { rows: clients(40, { from: 32769 }) },
    // As many of either parity: ports that were picked at random say nothing.
    { rows: clients(40, { from: 32769, step: 1 }) },
  ],
  ['tw-overflow', 'watch', { ext: { TCPTimeWaitOverflow: 7 } }, { ext: { TCPTimeWaitOverflow: 0 } }],
  ['peer-never-closes', 'watch', { rows: clients(30, { state: '05' }) }, { rows: clients(19, { state: '05' }) }],
  ['never-closes', 'act', { rows: LISTENER + LEAK }, { rows: LISTENER }],
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
    'info',
    { rows: mini('192.0.2.1:8080', '198.51.100.9:40000', 12) },
    { rows: LISTENER + mini('192.0.2.1:8080', '198.51.100.9:40000', 12) },
  ],
  [
    'accept-queue',
    'act',
    { rows: socket('0.0.0.0:8080', '0.0.0.0:0', '0A', '7000', '00000000:00000009'), ext: { ListenOverflows: 3 } },
    { rows: LISTENER, ext: { ListenOverflows: 3 } },
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
    'act',
    { settings: { tcp_tw_reuse: '1', tcp_timestamps: '0' } },
    { settings: { tcp_tw_reuse: '1', tcp_timestamps: '1' } },
  ],
  ['timestamps-off', 'watch', { settings: { tcp_timestamps: '0' } }, { settings: {} }],
  ['fin-timeout-lowered', 'info', { settings: { tcp_fin_timeout: '15' } }, { settings: { tcp_fin_timeout: '60' } }],
  [
    'max-buckets-lowered',
    'watch',
    { settings: { tcp_max_tw_buckets: '5000' } },
    { settings: { tcp_max_tw_buckets: '131072' } },
  ],
  ['rfc1337', 'watch', { settings: { tcp_rfc1337: '1' } }, { settings: { tcp_rfc1337: '0' } }],
  [
    'tw-recycle',
    'watch',
    { files: { 'self/root/etc/sysctl.d/99-tuning.conf': '# old\nnet.ipv4.tcp_tw_recycle = 1\n' } },
    { files: { 'self/root/etc/sysctl.d/99-tuning.conf': '# net.ipv4.tcp_tw_recycle = 1\n' } },
  ],
]

describe('symptoms', () => {
  test.each(SYMPTOMS)('%s (%s) is found where it is, and not where it is not', (code, level, shows, doesNot) => {
    const advice = adviceOf(shows).find(advice => advice.code === code)
    expect(advice).toMatchObject({ level, evidence: expect.stringMatching(/\d/) })
    expect(codesOf(doesNot)).not.toContain(code)
  })
})

describe('verdict', () => {
  test('harmless, do nothing', () => {
    expect(answerOf({ rows: clients(500) }).view.report.verdict).toEqual({
      level: 'harmless',
      sentence: 'do nothing: the fullest destination, 192.0.2.10:80 from 198.51.100.7, holds 500 of 28232 ports, 1.8 %',
    })
  })

  test('nothing there', () => {
    expect(answerOf({}).view.report.verdict).toEqual({ level: 'harmless', sentence: 'nothing is in TIME_WAIT' })
  })

  test('the gravest finding is the verdict', () => {
    const { verdict } = answerOf({
      rows: clients(100, { from: 33000, step: 1 }),
      settings: { ip_local_port_range: '33000\t33099', tcp_rfc1337: '1' },
    }).view.report
    expect(verdict).toMatchObject({ level: 'act', sentence: expect.stringContaining('EADDRNOTAVAIL') })
  })

  test('myths are refused where they would be tried', () => {
    const [advice] = adviceOf({
      rows: clients(100, { from: 33000, step: 1 }),
      settings: { ip_local_port_range: '33000\t33099' },
    })
    expect(advice!.not.join('\n')).toMatch(/tcp_fin_timeout[^]*SO_LINGER[^]*tcp_tw_recycle[^]*tcp_max_tw_buckets/)
  })
})

describe('what sockstat says and what the rows say', () => {
  test.each([
    ['equal', { rows: clients(300) }, undefined],
    ['FIN_WAIT2 in it', { rows: clients(30, { state: '05' }) }, /^sockstat's tw counts both: 0 in TIME_WAIT and 30/],
    [
      'a kernel that counts every namespace',
      { rows: clients(300), tw: 6068 },
      /5768 more than the table shows: kernels before 4.10/,
    ],
    ['many ended meanwhile', { rows: clients(300), tw: 20 }, /280 more than sockstat counts/],
  ])('%s', (_, recording, balance) => {
    const { totals } = answerOf(recording).view.report
    if (balance === undefined) expect(totals.balance).toBeUndefined()
    else expect(totals.balance).toMatch(balance)
  })
})
