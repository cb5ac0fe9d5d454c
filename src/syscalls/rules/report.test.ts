import { describe, expect, test } from 'vitest'
import { InputError } from '../../errors.ts'
import type { SyscallProfile } from '../profile.ts'
import { syscallReport, type ReportRequest } from './report.ts'
import { parseThreshold } from './thresholds.ts'

const REQUEST: ReportRequest = { group: 'syscall', sort: 'calls', tree: false, wantsWall: false, thresholds: [] }
const rows = (...calls: number[]): SyscallProfile['syscalls'] =>
  calls.map((count, i) => ({ name: ['read', 'write', 'close'][i]!, abi: 'native', calls: count, errors: 0 }))
const profile = (more: Partial<SyscallProfile> = {}): SyscallProfile => ({
  meta: { backend: 'strace-summary' },
  syscalls: rows(1, 5, 3),
  rejected: [],
  warnings: [],
  ...more,
})

test('rows are sorted and cut, the total is of all', () => {
  const { rows: shown, hiddenRows, total } = syscallReport(profile(), { ...REQUEST, top: 2 })
  expect(shown.map(({ label }) => label)).toEqual(['write', 'close'])
  expect([hiddenRows, total.calls]).toEqual([1, 9])
})

test('rows that have wall time alone are shown with it, whatever the whole profile has', () => {
  const log = profile({
    syscalls: rows(1).map(row => Object.assign(row, { system: { totalNs: 1 }, wall: { totalNs: 9 } })),
    threads: [{ id: 1, execs: [], total: { calls: 1, errors: 0, wall: { totalNs: 9 } }, syscalls: [] }],
  })
  expect(syscallReport(log, REQUEST).time).toBe('system')
  expect(syscallReport(log, { ...REQUEST, group: 'thread' }).time).toBe('wall')
})

test('a comparison is judged', () => {
  const request = { ...REQUEST, before: profile({ syscalls: rows(1, 1, 1) }), thresholds: [parseThreshold('calls>3')] }
  const { diff, verdicts } = syscallReport(profile(), request)
  expect(diff!.rows).toHaveLength(3)
  expect(verdicts).toMatchObject([{ failed: true, old: 3, new: 9 }])
  expect(syscallReport(profile(), { ...REQUEST, thresholds: request.thresholds }).verdicts).toEqual([])
})

describe('what the source does not tell is refused', () => {
  test.each([
    ['by process', { group: 'process' }, /which process made a call/],
    ['by file', { group: 'file' }, /which file a call worked on/],
    ['by errno', { group: 'errno' }, /which errors they were/],
    ['slowest', { slowest: 3 }, /single calls with their times/],
    ['tree', { tree: true }, /which process/],
  ] as const)('%s', (_, request, message) => {
    const report = () => syscallReport(profile(), { ...REQUEST, ...request })
    expect(report).toThrow(InputError)
    expect(report).toThrow(message)
  })
})
