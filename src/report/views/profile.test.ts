import { describe, expect, test } from 'vitest'
import { callsTable, latencyHeatmap, profileAbout, profileStacks, type CallRow } from './profile.ts'

const row = (label: string, calls: number, ms: number | undefined, octaves?: [number, number][]): CallRow => ({
  label,
  stats: {
    name: label,
    abi: 'native',
    calls,
    errors: 1,
    errnos: { EAGAIN: 2, EINTR: 3 },
    wall: ms === undefined ? undefined : { totalNs: ms * 1e6 },
  },
  p50Ns: 1000,
  octaves: octaves && new Map(octaves),
})

describe('calls', () => {
  test('the dearest first, without times the most frequent; errors by how many', () => {
    const { rows, more } = callsTable([row('read', 5, 1), row('poll', 1, 9), row('getpid', 7, undefined)], 't')
    expect(rows.map(([name]) => name)).toEqual(['poll', 'read', 'getpid'])
    expect(rows[0]).toEqual(['poll', '1', '1', '9 ms', '1 us', '', 'EINTR 3, EAGAIN 2'])
    expect(rows[2]![3]).toBe('')
    expect(more).toBe(0)
  })

  test('no more than thirty', () => {
    const { rows, more } = callsTable(
      Array.from({ length: 35 }, (_, i) => row(`call${i}`, i, i)),
      't',
    )
    expect([rows.length, more]).toEqual([30, 5])
  })
})

describe('the heat map', () => {
  test('a column for each power of two from the least to the most', () => {
    expect(latencyHeatmap([row('read', 5, 1, [[10, 4]]), row('poll', 1, 9, [[12, 1]])], 't')).toMatchObject({
      rows: ['poll', 'read'],
      columns: ['1.02 us', '2.05 us', '4.1 us'],
      cells: [
        [0, 0, 1],
        [4, 0, 0],
      ],
    })
  })

  test('calls that were not timed one by one are not in it', () => {
    expect(latencyHeatmap([row('read', 5, 1)], 't')).toBeUndefined()
    expect(latencyHeatmap([row('read', 5, 1), row('poll', 5, 1, [[3, 1]])], 't')!.rows).toEqual(['poll'])
  })
})

test('folded stacks, of frames with blanks', () => {
  expect(profileStacks(['a;b c;d 12', 'x 3'])).toEqual([
    { frames: ['a', 'b c', 'd'], weight: 12 },
    { frames: ['x'], weight: 3 },
  ])
})

test('what it is of', () => {
  const calls = [{ name: 'read', abi: 'native' as const, calls: 12_000, errors: 0 }]
  const profile = {
    meta: { backend: 'strace-log' as const, durationNs: 2e9 },
    syscalls: calls,
    rejected: [],
    warnings: [],
  }
  expect(profileAbout(profile)).toBe('12\u202f000 system calls in 2 s, strace-log')
})
