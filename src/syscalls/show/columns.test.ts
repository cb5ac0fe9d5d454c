import { describe, expect, test } from 'vitest'
import { addLatency, createHistogram } from '../latency-histogram.ts'
import type { ProfileRow } from '../model.ts'
import { addStats } from '../rules/call-stats.ts'
import { defaultColumns, profileTableLines, timesShown, type ProfileColumn } from './columns.ts'

function latencyOf(...ns: number[]) {
  const histogram = createHistogram()
  for (const each of ns) addLatency(histogram, each)
  return histogram
}

const READ: ProfileRow = {
  label: 'read',
  calls: 3,
  errors: 1,
  errnos: { EAGAIN: 1 },
  system: { totalNs: 90_000, meanNs: 30_999 },
  wall: { totalNs: 5e6, minNs: 1000, maxNs: 4e6 },
  latency: latencyOf(1000, 1000, 4e6),
}
const MMAP: ProfileRow = { label: 'mm\x1bap', calls: 2, errors: 0, system: { totalNs: 10_000 }, wall: { totalNs: 1e6 } }

const table = (columns: ProfileColumn[], time: 'system' | 'wall', width = Infinity, isChosen = false) =>
  [
    ...profileTableLines([READ, MMAP], {
      columns,
      time,
      heading: 'syscall',
      total: addStats([READ, MMAP]),
      width,
      isChosen,
    }),
  ].join('')

describe('the table of a profile', () => {
  test('system time beside wall time: columns of wall time are named wall', () => {
    expect(
      table(
        ['% time', 'seconds', 'usecs/call', 'wall-total', 'calls', 'errors', 'syscall', 'p50', 'max', 'errno'],
        'system',
      ),
    ).toBe(
      [
        '% time     seconds  usecs/call wall-total     calls    errors syscall          wall-p50 wall-max errno',
        '------ ----------- ----------- ---------- --------- --------- ---------------- -------- -------- --------',
        ' 90.00    0.000090          30   0.005000         3         1 read                 1 us     4 ms EAGAIN 1',
        ' 10.00    0.000010           5   0.001000         2           mm\\x1bap                           ',
        '------ ----------- ----------- ---------- --------- --------- ---------------- -------- -------- --------',
        '100.00    0.000100          20   0.006000         5         1 total              992 ns          EAGAIN 1',
        '',
      ].join('\n'),
    )
  })

  test('wall time alone needs no other names', () => {
    expect(table(['seconds', 'syscall', 'p99', 'distribution'], 'wall').split('\n')[0]).toBe(
      '    seconds syscall              p99 512 ns..4.19 ms',
    )
  })

  test.each([
    [80, '% time     seconds  usecs/call     calls    errors syscall          wall-max'],
    [40, '    seconds     calls syscall'],
  ])('fits %i columns', (width, header) => {
    const columns = defaultColumns([READ, MMAP], true)
    const lines = table(columns, 'system', width).split('\n')
    expect(lines[0]).toBe(header)
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
    expect(lines.join(' ')).toContain(`not shown at ${width} columns:`)
  })

  test('columns that were asked for do not leave', () => {
    const header = (isChosen: boolean) =>
      table(['calls', 'syscall', 'p50', 'p95'], 'system', 30, isChosen).split('\n')[0]
    expect(header(false)).toBe('    calls syscall')
    expect(header(true)).toMatch(/wal.*95$/)
  })
})

test('the columns of a source are those it can fill', () => {
  const bare: ProfileRow = { label: 'read', calls: 1, errors: 0 }
  expect(defaultColumns([bare], false)).toEqual(['calls', 'errors', 'syscall'])
  expect(defaultColumns([{ ...bare, restarts: 2, detail: 'x', readBytes: 0 }], false)).toEqual([
    'calls',
    'errors',
    'restarts',
    'syscall',
    'bytes',
    'detail',
  ])
  expect(defaultColumns([READ], true)).toEqual([
    '% time',
    'seconds',
    'usecs/call',
    'wall-total',
    'calls',
    'errors',
    'syscall',
    'p50',
    'p95',
    'p99',
    'max',
    'distribution',
    'errno',
  ])
})

test.each([
  [['seconds', 'calls'], 'system', ['system']],
  [['seconds', 'p99'], 'system', ['system', 'wall']],
  [['calls', 'p99'], 'system', ['wall']],
  [['seconds', 'max'], 'wall', ['wall']],
  [['wall-total'], 'system', ['wall']],
  [['calls'], 'system', []],
] as const)('times in %j of %s time: %j', (columns, time, kinds) => {
  expect([...timesShown(columns, time)]).toEqual(kinds)
})
