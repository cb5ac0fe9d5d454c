import { describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { addLatency, createHistogram } from '../latency-histogram.ts'
import type { ProfileRow } from '../model.ts'
import type { SyscallProfile, ThreadProfile } from '../profile.ts'
import { processes, profileRows, sortKey, SORTS, sortRows, timeKind } from './views.ts'

const stats = (name: string, calls: number, errnos: Record<string, number> = {}) => ({
  name,
  abi: 'native' as const,
  calls,
  errors: Object.values(errnos).reduce((a, b) => a + b, 0),
  errnos,
})
const thread = (id: number, tid: number, pid: number | undefined, calls: number): ThreadProfile => ({
  id,
  tid,
  pid,
  comm: `c${tid}`,
  execs: [],
  total: { calls, errors: 0, wall: { totalNs: calls } },
  syscalls: [stats('read', calls)],
})
const profile: SyscallProfile = {
  meta: { backend: 'strace-log' },
  syscalls: [stats('read', 9, { EAGAIN: 2, EIO: 1 }), { ...stats('write', 4, { EIO: 5 }), abi: '32' }],
  threads: [thread(1, 7, 7, 5), thread(2, 8, 7, 2), thread(3, 9, undefined, 1), thread(4, 7, 7, 3)],
  peers: [{ name: 'TCP:[1]', calls: 1, errors: 0, wallNs: 5, readBytes: 2, writtenBytes: 3 }],
  rejected: [],
  warnings: [],
}

describe('rows', () => {
  const rows = (group: Parameters<typeof profileRows>[1]) =>
    profileRows(profile, group)?.map(({ label, calls, errors, detail }) => [label, calls, errors, detail])

  test('by system call, with its table', () => {
    expect(rows('syscall')?.map(([label]) => label)).toEqual(['read', 'write (32)'])
  })

  test('by process: a pid that is used again is another one', () => {
    expect(rows('process')).toEqual([
      ['7 c7 (2 threads)', 7, 0, 'read 7'],
      ['9 c9', 1, 0, 'read 1'],
      ['7 c7', 3, 0, 'read 3'],
    ])
    expect(processes(profile.threads!).map(group => group.map(({ id }) => id))).toEqual([[1, 2], [3], [4]])
  })

  test('by thread, by errno, by peer', () => {
    expect(rows('thread')).toHaveLength(4)
    expect(rows('errno')).toEqual([
      ['EAGAIN', 2, 2, 'read 2'],
      ['EIO', 6, 6, 'write (32) 5, read 1'],
    ])
    expect(profileRows(profile, 'peer')).toMatchObject([{ label: 'TCP:[1]', readBytes: 2, wall: { totalNs: 5 } }])
  })

  test('none where the source does not tell', () => {
    expect(rows('file')).toBeUndefined()
    const bare = {
      ...profile,
      threads: undefined,
      syscalls: [{ name: 'read', abi: 'native' as const, calls: 1, errors: 1 }],
    }
    for (const group of ['process', 'thread', 'errno'] as const) expect(profileRows(bare, group)).toBeUndefined()
  })
})

test.each([
  [['wall'], false, 'wall'],
  [['system', 'wall'], false, 'system'],
  [['system', 'wall'], true, 'wall'],
  [['system'], true, 'system'],
  [[], false, 'wall'],
] as const)('rows with %j time, wall wanted %s: %s', (kinds, wantsWall, kind) => {
  const row = Object.fromEntries(kinds.map(each => [each, { totalNs: 1 }]))
  expect(timeKind([{ calls: 1, errors: 0, ...row }], wantsWall)).toBe(kind)
})

describe('sorting', () => {
  const slow = createHistogram()
  addLatency(slow, 1e6)
  const fast = createHistogram()
  addLatency(fast, 1e3)
  const rows: ProfileRow[] = [
    { label: 'b', calls: 2, errors: 5, wall: { totalNs: 10, minNs: 1, maxNs: 9 }, latency: slow, readBytes: 1 },
    { label: 'a', calls: 9, errors: 0, wall: { totalNs: 18, minNs: 2, maxNs: 3 }, latency: fast, writtenBytes: 7 },
    { label: 'c', calls: 1, errors: 1 },
  ]

  test.each([
    ['time', 'abc'],
    ['calls', 'abc'],
    ['errors', 'bca'],
    ['name', 'abc'],
    ['avg-time', 'bac'],
    ['min-time', 'abc'],
    ['max-time', 'bac'],
    ['p99', 'bac'],
    ['bytes', 'abc'],
    ['none', 'bac'],
  ] as const)('by %s: %s', (sort, order) => {
    expect(
      sortRows(rows, sort, 'wall')
        .map(({ label }) => label)
        .join(''),
    ).toBe(order)
  })

  test('without times, time means calls', () => {
    expect(sortRows(rows, 'time', 'system').map(({ label }) => label)).toEqual(['a', 'b', 'c'])
  })

  test('every word of strace means a key, others are refused', () => {
    for (const [key, words] of Object.entries(SORTS)) for (const word of words) expect(sortKey(word)).toBe(key)
    expect(() => sortKey('size')).toThrow(UsageError)
  })
})
