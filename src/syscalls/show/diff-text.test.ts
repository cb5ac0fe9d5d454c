import { describe, expect, test } from 'vitest'
import { createTheme } from '../../terminal/theme.ts'
import type { ProfileMeta, SyscallProfile } from '../profile.ts'
import { diffProfiles } from '../rules/diff.ts'
import { judge, parseThreshold } from '../rules/thresholds.ts'
import { diffLines, verdictLines } from './diff-text.ts'

const profile = (
  meta: ProfileMeta,
  rows: Record<string, [calls: number, errors: number, wallNs: number]>,
): SyscallProfile => ({
  meta,
  syscalls: Object.entries(rows).map(([name, [calls, errors, totalNs]]) => ({
    name,
    abi: 'native',
    calls,
    errors,
    wall: { totalNs },
  })),
  rejected: [],
  warnings: [],
})
const LOG = { backend: 'strace-log' } as const
const plain = createTheme(false)
const BEFORE = { futex: [900, 29, 5e9], close: [7, 0, 10], stat: [3, 3, 20] } satisfies Parameters<typeof profile>[1]
const AFTER = { futex: [1185, 29, 6e9], close: [7, 0, 10], statx: [1, 0, 30] } satisfies Parameters<typeof profile>[1]
const text = (before: SyscallProfile, after: SyscallProfile, width = Infinity, top = Infinity) =>
  [...diffLines(diffProfiles(before, after), top, plain, width)].join('')

describe('the comparison as text', () => {
  test('new and vanished first, unchanged ones only counted', () => {
    expect(text(profile(LOG, BEFORE), profile(LOG, AFTER))).toBe(
      [
        '  Δcalls   before    after       Δ%    Δwall   before    after  Δerrors          syscall',
        '-------- -------- -------- -------- -------- -------- -------- -------- -------- ----------------',
        '      +1        0        1            +30 ns             30 ns          new      statx',
        '      -3        3        0            -20 ns    20 ns                -3 vanished stat',
        '    +285      900     1185     +32%     +1 s      5 s      6 s                   futex',
        '-------- -------- -------- -------- -------- -------- -------- -------- -------- ----------------',
        '    +283      910     1193     +31%     +1 s      5 s      6 s       -3          total',
        '(1 system call is unchanged)',
        '',
        'Measured with a log of strace.',
        'Time is wall time, from entry to return: waiting counts.',
        '',
      ].join('\n'),
    )
  })

  test('names what measured each side where that differs, and shows no times', () => {
    const before = profile({ backend: 'bpftrace', toolVersion: '0.17.0' }, BEFORE)
    const lines = text(before, profile({ backend: 'strace', toolVersion: '6.1' }, AFTER)).split('\n')
    expect(lines[0]).toBe('  Δcalls   before    after       Δ%  Δerrors          syscall')
    expect(lines).toContain('Measured with bpftrace 0.17.0 before, with strace 6.1 after.')
    expect(lines.some(line => line.startsWith('Times are not compared: the one was measured with'))).toBe(true)
  })

  test('rates where it was watched for other times', () => {
    const lines = text(profile({ ...LOG, durationNs: 1e9 }, BEFORE), profile({ ...LOG, durationNs: 2e9 }, AFTER))
    expect(lines).toMatch(/ 900\.0 +592\.5 /)
    expect(lines).toContain('Watched for 1 s before and 2 s after: compare the rates.\n')
  })

  test('errors are left out where a side does not tell them', () => {
    const lines = text(profile({ backend: 'bpftrace' }, BEFORE), profile({ backend: 'syscount' }, AFTER))
    expect(lines).not.toContain('Δerrors')
    expect(lines).toContain('Errors are not compared: syscount does not tell which calls failed.\n')
  })

  test.each([80, 40])('fits %i columns', width => {
    const lines = text(profile({ ...LOG, durationNs: 1e9 }, BEFORE), profile({ ...LOG, durationNs: 2e9 }, AFTER), width)
    expect(Math.max(...lines.split('\n').map(line => line.length))).toBeLessThanOrEqual(width)
    expect(lines).toContain(`not shown at ${width} columns:`)
    expect(lines).toContain('Δcalls')
  })

  test('cut by --top', () => {
    expect(text(profile(LOG, BEFORE), profile(LOG, AFTER), Infinity, 1)).toContain('\n(2 more rows)\n')
  })
})

test('verdicts', () => {
  const timed = (seconds: number) => ({ ...LOG, durationNs: seconds * 1e9 })
  const diff = diffProfiles(profile(timed(1), BEFORE), profile(timed(2), AFTER))
  const verdicts = ['calls:futex>+20%', 'time:futex>7', 'rate:futex>5000'].map(condition =>
    judge(diff, parseThreshold(condition)),
  )
  expect([...verdictLines(verdicts, plain)].join('')).toBe(
    [
      '',
      'FAILED  calls:futex>+20%  (900 before, 1185 after)',
      'ok  time:futex>7  (5 s before, 6 s after)',
      'ok  rate:futex>5000  (900.0 a second before, 592.5 a second after)',
      '',
    ].join('\n'),
  )
})
