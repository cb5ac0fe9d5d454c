import { describe, expect, test } from 'vitest'
import { diffProfiles } from './diff.ts'
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

  const measured = (meta: SyscallProfile['meta'], systemNs?: number) => {
    const made = profile({ getppid: [5, 2, 100] })
    made.meta = meta
    if (systemNs !== undefined) made.syscalls[0]!.system = { totalNs: systemNs }
    return made
  }

  test('times that hold different costs of measuring are not compared, and both tools are named', () => {
    const { rows, time, timeObstacle, durations, before, after } = diffProfiles(
      measured({ backend: 'bpftrace', toolVersion: '0.17.0', durationNs: 1e7 }, 50),
      measured({ backend: 'strace', toolVersion: '6.1', durationNs: 14e7 }, 70),
    )
    expect([time, durations, rows[0]!.timeDeltaNs]).toEqual([undefined, undefined, undefined])
    expect(timeObstacle).toMatch(/measured with bpftrace 0\.17\.0, the other with strace 6\.1/)
    expect([before.watchedNs, after.watchedNs]).toEqual([1e7, 14e7])
  })

  test.each([
    ['bpftrace', 'syscount', 'wall'],
    ['strace', 'strace-log', 'wall'],
    ['strace', 'perf', undefined],
    ['bpftrace', 'perf', undefined],
  ] as const)('%s beside %s: %s', (old, now, time) => {
    expect(diffProfiles(measured({ backend: old }), measured({ backend: now })).time).toBe(time)
  })

  test('syscount tells no errors, so none are compared', () => {
    const diff = diffProfiles(measured({ backend: 'bpftrace' }), measured({ backend: 'syscount', toolVersion: '0.26' }))
    expect(diff.rows[0]!.errorsDelta).toBeUndefined()
    expect(diff.errorsObstacle).toBe('syscount 0.26 does not tell which calls failed')
  })

  test('a side that counted only some calls says so', () => {
    const diff = diffProfiles(
      measured({ backend: 'strace', filter: 'trace=%net' }),
      measured({ backend: 'strace-log' }),
    )
    expect([diff.before.measuredWith, diff.after.measuredWith]).toEqual(['strace, only trace=%net', 'a log of strace'])
  })
})
