import { expect, test } from 'vitest'
import { createTheme } from '../../terminal/theme.ts'
import { textWidth } from '../../terminal/text-width.ts'
import type { DiagnosisReport, Finding } from '../model.ts'
import { accuse, over } from '../accuse.ts'
import { diagnosisText } from './text.ts'

const queue = (): Finding =>
  accuse('accept-queue-full', 'critical', 'does not accept connections on 127.0.0.1:8000', {
    culprits: [{ pid: 18101, comm: 'orders-api', unit: 'orders.service' }],
    victims: [7, 8, 9, 10, 11].map(pid => ({ pid, comm: 'lb-worker' })),
    suffering: 'their connections hang or time out',
    measures: [
      { what: 'connections in its queue', value: '9, then 9, of at most 8', source: 'net/tcp' },
      { what: 'accepted meanwhile', value: 0, source: 'tracepoint raw_syscalls:sys_exit' },
    ],
    doing: 'asleep in clock_nanosleep (hrtimer_nanosleep)',
    do: ['look where its threads are instead of in accept'],
    not: ['net.core.somaxconn: a longer queue only hides it'],
    more: 'linsight bpf run offcputime --pid 18101',
  })

const report = (findings: Finding[]): DiagnosisReport => ({
  verdict: findings.length > 0 ? 'critical' : 'nothing-found',
  durationMs: 5100,
  findings,
  notes: [],
  looked: { processes: 740, sockets: 1204, namespaces: 6, failedCalls: 31_400, tracing: true },
  notLooked: [],
  unreadable: {},
})

const text = (value: DiagnosisReport, width: number, all = false) =>
  [...diagnosisText(value, { width, theme: createTheme(false), all })].join('')

test('a finding at 80 columns', () => {
  expect(text(report([queue()]), 80)).toMatchInlineSnapshot(`
    "CRITICAL  orders-api (pid 18101, orders.service) does not accept connections on
              127.0.0.1:8000
    because   connections in its queue 9, then 9, of at most 8, net/tcp
              accepted meanwhile 0, tracepoint raw_syscalls:sys_exit
    suffers   lb-worker (pids 7, 8, 9 and 2 more): their connections hang or time
              out
    it is     asleep in clock_nanosleep (hrtimer_nanosleep)
    do        look where its threads are instead of in accept
    not       net.core.somaxconn: a longer queue only hides it
    see       linsight bpf run offcputime --pid 18101

    looked for 5.1 s at 740 processes, 1204 sockets in 6 network namespaces, 31400
    system calls that failed; nothing else found
    "
  `)
})

test('nothing found says what was looked at, and what could not be', () => {
  const value = report([])
  value.notLooked = [
    {
      what: 'system calls that fail',
      why: 'bpftrace is not installed',
      hint: 'apt install bpftrace',
      causes: ['port-taken', 'fork-storm'],
    },
  ]
  expect(text(value, 120)).toMatchInlineSnapshot(`
    "nothing wrong found

    looked for 5.1 s at 740 processes, 1204 sockets in 6 network namespaces, 31400 system calls that failed
    not looked at: system calls that fail (bpftrace is not installed), so 2 causes cannot be told; apt install bpftrace
    "
  `)
})

test.each([40, 80, 120])('no line is wider than %d columns', width => {
  const wide = text(report([queue(), queue()]), width)
    .split('\n')
    .filter(line => textWidth(line) > width)
  // A command stays one word where it is longer than the line.
  expect(wide).toEqual([])
})

test('five are shown, the rest is counted; --all shows them', () => {
  const many = Array.from({ length: 7 }, queue)
  expect(text(report(many), 80)).toContain('\n2 more: --all\n')
  expect(text(report(many), 80, true).match(/^CRITICAL/gm)).toHaveLength(7)
})

test('a threshold stands behind the value it is compared with', () => {
  const [line] = accuse('close-wait-leak', 'warning', 'x', {
    culprits: [],
    measures: [over('closeWaitSockets', 'connections in CLOSE_WAIT', 73, 'net/tcp')],
  }).evidence
  expect(line).toBe(
    'connections in CLOSE_WAIT 73 (from 50 sockets of one program in CLOSE_WAIT in both looks on), net/tcp',
  )
})
