import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import type { SyscallProfile } from '../profile.ts'
import { joinSummary, summaryProfile } from './strace-summary-profile.ts'
import { parseStraceSummary } from './strace-summary.ts'

const table = (...rows: string[]) =>
  parseStraceSummary(
    [
      '% time     seconds  usecs/call     calls    errors syscall',
      '------ ----------- ----------- --------- --------- ----------------',
      ...rows,
    ].join('\n'),
  ).tables
const READ = ' 90.00    0.000090          30         3         1 read'
const MMAP = ' 10.00    0.000010           2         5           mmap'
const codes = (profile: SyscallProfile) => profile.warnings.map(({ code }) => code)

describe('the profile of a table', () => {
  test('has system time, or wall time where -w made it', () => {
    const tables = table(READ)
    expect(summaryProfile(tables, [], false).syscalls).toEqual([
      { name: 'read', abi: 'native', calls: 3, errors: 1, system: { totalNs: 90_000, meanNs: 30_000 } },
    ])
    const [read] = summaryProfile(tables, [], true).syscalls
    expect([read!.system, read!.wall?.totalNs]).toEqual([undefined, 90_000])
  })

  test('keeps the counts of strace -O, whose times are below 0, and says that these are left out', () => {
    const { tables, rejected } = parseStraceSummary(readFileSync(fixture('strace/c-O-4.15.txt'), 'latin1'))
    const profile = summaryProfile(tables, rejected, false)
    expect(rejected).toEqual([])
    expect(profile.syscalls.reduce((sum, row) => sum + row.calls, 0)).toBe(143)
    expect(profile.syscalls.reduce((sum, row) => sum + row.errors, 0)).toBe(19)
    expect(profile.syscalls.every(row => row.system === undefined && row.wall === undefined)).toBe(true)
    expect(codes(profile)).toEqual(['times-negative'])
    expect(tables[0]!.rows.find(row => row.name === 'munmap')!.cells['usecs/call']).toBe(-5)
  })

  test.each([
    ['a total that is not there', [READ], ['total-missing']],
    ['a total that fits', [READ, MMAP, '100.00    0.000100          12         8         1 total'], []],
    ['other calls', [READ, MMAP, '100.00    0.000100          12         9         1 total'], ['total-mismatch']],
    ['other errors', [READ, MMAP, '100.00    0.000100          12         8         2 total'], ['total-mismatch']],
    ['other seconds', [READ, MMAP, '100.00    0.000104          12         8         1 total'], ['total-mismatch']],
    ['rounded seconds', [READ, MMAP, '100.00    0.000103          12         8         1 total'], []],
  ])('%s', (_, rows, expected) => {
    expect(codes(summaryProfile(table(...rows), [], false))).toEqual(expected)
  })
})

describe('a log with a table behind it', () => {
  const log = (wallNs: number): SyscallProfile => ({
    meta: { backend: 'strace-log' },
    syscalls: [{ name: 'read', abi: 'native', calls: 3, errors: 1, wall: { totalNs: wallNs } }],
    rejected: [],
    warnings: [],
  })

  test('has its wall time and the system time of the table', () => {
    const [read] = joinSummary(log(5e9), table(READ), false).syscalls
    expect([read!.system?.totalNs, read!.wall?.totalNs]).toEqual([90_000, 5e9])
  })

  test('keeps to wall time where the table has the same, which -w made it', () => {
    expect(joinSummary(log(90_000), table(READ), false).syscalls[0]!.system).toBeUndefined()
    expect(joinSummary(log(5e9), table(READ), true).syscalls[0]!.system).toBeUndefined()
  })
})
