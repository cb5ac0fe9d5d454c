import { describe, expect, test } from 'vitest'
import { createTheme } from '../../terminal/theme.ts'
import type { SyscallProfile } from '../profile.ts'
import { syscallReport, type ReportRequest } from '../rules/report.ts'
import { StraceLogReader } from '../strace-log/log-reader.ts'
import { reportLines, type ReportStyle } from './report-text.ts'

const STYLE: ReportStyle = { theme: createTheme(false), brief: false, width: Infinity }
const REQUEST: ReportRequest = { group: 'syscall', sort: 'calls', tree: false, wantsWall: false, thresholds: [] }

function text(profile: SyscallProfile, request: Partial<ReportRequest> = {}, style: Partial<ReportStyle> = {}): string {
  return [...reportLines(syscallReport(profile, { ...REQUEST, ...request }), { ...STYLE, ...style })].join('')
}

function log(...lines: string[]): SyscallProfile {
  const reader = new StraceLogReader({ files: true, threads: true })
  reader.push(Buffer.from(`${lines.join('\n')}\n`))
  return reader.end()
}

const LOG = log(
  '7 1795175451.000000 execve("/bin/sh", ["sh"], 0x7) = 0 <0.000100>',
  '7 1795175451.100000 read(3, "\\33[1m", 9) = 4 <1.500000>',
  '7 1795175453.000000 clone(flags=SIGCHLD) = 8 <0.000010>',
  '8 1795175453.100000 read(4,  <unfinished ...>',
  '7 1795175453.200000 exit_group(3) = ?',
  '7 1795175453.300000 +++ exited with 3 +++',
)

const only = (
  backend: SyscallProfile['meta']['backend'],
  syscalls: SyscallProfile['syscalls'] = [],
): SyscallProfile => ({
  meta: { backend },
  syscalls,
  rejected: [],
  warnings: [],
})
const READ = { name: 'read', abi: 'native', calls: 1, errors: 0 } as const

describe('a report as text', () => {
  test('table, notes, what did not return, slowest calls, tree, findings', () => {
    expect(text(LOG, { slowest: 1, tree: true })).toBe(
      [
        '% time     seconds  usecs/call     calls    errors syscall             p50    p95    p99    max 8.19 us..2.15 s',
        '------ ----------- ----------- --------- --------- ---------------- ------ ------ ------ ------ ------------------',
        '  0.01    0.000100         100         1           execve           100 us 100 us 100 us 100 us    █              ',
        ' 99.99    1.500000     1500000         1           read              1.5 s  1.5 s  1.5 s  1.5 s                  █',
        '  0.00    0.000010          10         1           clone             10 us  10 us  10 us  10 us █                 ',
        '------ ----------- ----------- --------- --------- ---------------- ------ ------ ------ ------ ------------------',
        '100.00    1.500110      500036         3           total            102 us  1.5 s  1.5 s  1.5 s █  █             █',
        '',
        'Time is wall time, from entry to return: waiting counts.',
        'Never returned: exit_group 1',
        'In flight at the end: 1',
        '  200 ms [8 sh] read(4, ',
        '',
        'Slowest calls',
        '   1.5 s  at    0.100000 s  [7 sh] read(3, "\\33[1m", 9) = 4',
        '',
        'Processes',
        '7  sh  3 calls  1.5 s  exit 3',
        '    exec /bin/sh: sh',
        '  8  sh  0 calls  running at the end',
        '',
        'What stands out',
        '* one call took 1.5 s: read(3, "\\\\33[1m", 9) = 4',
        '  next: --slowest 10 shows the longest calls and when they were made',
        '',
      ].join('\n'),
    )
  })

  test.each([80, 40])('no line is wider than %i columns', width => {
    const lines = text(LOG, { slowest: 3, tree: true }, { width }).split('\n')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
    expect(lines.length).toBeGreaterThan(20)
  })

  test('brief: what was asked for alone, below its title', () => {
    expect(text(only('bpftrace', [READ]), {}, { brief: true, title: 'in all 1 s:' })).toBe(
      [
        'in all 1 s:',
        '    calls    errors syscall',
        '--------- --------- ----------------',
        '        1           read',
        '--------- --------- ----------------',
        '        1           total',
        '',
      ].join('\n'),
    )
  })

  test.each([
    [only('bpftrace'), 'No system call returned while it was watched.'],
    [only('strace-log'), 'There is no call in it.'],
    [only('strace-summary', [READ]), 'The source has no times: a log needs -T, a table -c.'],
    [
      { ...only('strace-summary', [READ]), warnings: [{ code: 'times-negative' as const, message: 'm' }] },
      'The times of the source are below 0 and left out.\n',
    ],
    [
      only('strace-summary', [{ ...READ, system: { totalNs: 5 } }]),
      'Time is system CPU time (wall time if strace ran with -w',
    ],
    [only('bpftrace', [{ ...READ, system: { totalNs: 5 } }]), 'so 0.00 % is normal.\n'],
    [
      only('bpftrace', [{ ...READ, system: { totalNs: 5 }, wall: { totalNs: 9 } }]),
      'so 0.00 % is normal. Columns named wall hold wall time',
    ],
    [only('bpftrace', [{ ...READ, wall: { totalNs: 9 } }]), 'Time is wall time, from entry to return'],
  ])('which time it is, or why there is none (%#)', (profile, note) => {
    expect(text(profile)).toContain(note)
  })

  test('the note speaks of the columns that are shown', () => {
    const both = only('bpftrace', [{ ...READ, system: { totalNs: 5 }, wall: { totalNs: 9, maxNs: 9 } }])
    expect(text(both, {}, { columns: ['calls', 'max', 'syscall'] })).toContain('\nTime is wall time')
  })

  test('rows that --top cut off are counted', () => {
    expect(text(LOG, { top: 1 })).toContain('\n(2 more rows)\n')
  })
})
