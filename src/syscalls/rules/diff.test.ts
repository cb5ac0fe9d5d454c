import { describe, expect, test } from 'vitest'
import { diffProfiles, judge, parseThreshold } from './diff.ts'
import { UsageError } from '../../errors.ts'
import type { SyscallProfile, SyscallStats } from '../profile.ts'

const profile = (
  rows: Record<string, [calls: number, errors?: number, wallNs?: number]>,
  durationNs?: number,
): SyscallProfile => ({
  meta: { backend: 'strace-log', durationNs },
  syscalls: Object.entries(rows).map(([name, [calls, errors = 0, wallNs]]): SyscallStats => ({
    name,
    abi: 'native',
    calls,
    errors,
    wall: wallNs === undefined ? undefined : { totalNs: wallNs },
  })),
  rejected: [],
  warnings: [],
})

describe('diffProfiles', () => {
  const diff = diffProfiles(
    profile({ read: [10, 1, 500], close: [5, 0, 100], stat: [7, 7, 50], mmap: [3, 0, 3] }),
    profile({ read: [30, 1, 900], close: [5, 0, 100], statx: [9, 9, 70], mmap: [2, 0, 900] }),
  )

  test('tells new and vanished calls first, then what changed most', () => {
    expect(diff.rows.map(row => [row.label, row.change, row.callsDelta, row.errorsDelta, row.timeDeltaNs])).toEqual([
      ['statx', 'new', 9, 9, 70],
      ['stat', 'vanished', -7, -7, -50],
      ['mmap', 'less', -1, 0, 897],
      ['read', 'more', 20, 0, 400],
      ['close', 'same', 0, 0, 0],
    ])
    expect(diff.time).toBe('wall')
  })

  test('never compares wall time with system time', () => {
    const summary = profile({ read: [1] })
    summary.syscalls[0]!.system = { totalNs: 5 }
    const mixed = diffProfiles(summary, profile({ read: [1, 0, 9] }))
    expect(mixed.time).toBeUndefined()
    expect(mixed.rows[0]!.timeDeltaNs).toBeUndefined()
  })

  test('says so where the two were watched for different times', () => {
    expect(diffProfiles(profile({}, 1e9), profile({}, 2e9)).durations).toEqual({ oldNs: 1e9, newNs: 2e9 })
    expect(diffProfiles(profile({}, 1e9), profile({}, 1.01e9)).durations).toBeUndefined()
    expect(diffProfiles(profile({}), profile({}, 2e9)).durations).toBeUndefined()
  })

  test.each([
    ['calls:read>+100%', true],
    ['calls:read>+200%', false],
    ['calls:read>+19', true],
    ['calls:read>+20', false],
    ['calls:read>29', true],
    ['calls:read>30', false],
    ['calls:mmap<-0', true],
    ['calls:mmap<-34%', false],
    ['calls:mmap<-33%', true],
    ['calls:statx>+20%', true],
    ['errors:total>+1', true],
    ['errors:total>+2', false],
    ['time:read>+399ns', true],
    ['time:read>+0.4us', false],
    ['time:total>+1s', false],
    ['calls:nothing>+0%', false],
  ])('%s is met: %s', (text, failed) => {
    expect(judge(diff, parseThreshold(text)).failed).toBe(failed)
  })

  test.each([
    'calls',
    'calls:read',
    'calls:read>',
    'size:read>1',
    'calls:read=1',
    'calls:read>20%',
    'calls:read>+5ms',
    'calls:read>x',
  ])('%s is no condition', text => {
    expect(() => parseThreshold(text)).toThrow(UsageError)
  })
})
