import { expect, test } from 'vitest'
import { bucketLabel, histogramLines } from './histogram-text.ts'

test('a histogram as people know it from bpftrace', () => {
  const lines = [
    ...histogramLines(
      [
        { max: -1, count: 1 },
        { min: 0, max: 0, count: 2 },
        { min: 1, max: 1, count: 4 },
        { min: 4, max: 7, count: 8 },
        { min: 1024, max: 2047, count: 1 },
      ],
      Infinity,
    ),
  ]
  expect(lines.join('')).toBe(`(..., 0)                1 |@@@@@@                                              |
[0]                     2 |@@@@@@@@@@@@@                                       |
[1]                     4 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
[2, 4)                  0 |                                                    |
[4, 8)                  8 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
[8, 16)                 0 |                                                    |
[16, 32)                0 |                                                    |
[32, 64)                0 |                                                    |
[64, 128)               0 |                                                    |
[128, 256)              0 |                                                    |
[256, 512)              0 |                                                    |
[512, 1K)               0 |                                                    |
[1K, 2K)                1 |@@@@@@                                              |
`)
})

test('linear buckets with open ends', () => {
  const lines = [
    ...histogramLines(
      [
        { max: 9, count: 1 },
        { min: 10, max: 19, count: 0 },
        { min: 20, count: 2 },
      ],
      Infinity,
    ),
  ]
  expect(lines.map(line => line.slice(0, 25).trimEnd())).toEqual([
    '(..., 10)               1',
    '[10, 20)                0',
    '[20, ...)               2',
  ])
})

test.each([
  [{ min: 2 ** 20, max: 2 ** 21 - 1, count: 1 }, '[1M, 2M)'],
  [{ min: 3000, max: 3999, count: 1 }, '[3000, 4000)'],
  [{ min: 1, max: 1, count: 1 }, '[1]'],
])('%j', (bucket, label) => {
  expect(bucketLabel(bucket)).toBe(label)
})

test('nothing is nothing', () => {
  expect([...histogramLines([], Infinity)]).toEqual([])
})

test.each([
  [80, 52],
  [60, 32],
  [40, 12],
  [20, 1],
])('on %i columns bars are of %i', (width, bars) => {
  const lines = [
    ...histogramLines(
      [
        { min: 2, max: 3, count: 4 },
        { min: 4, max: 7, count: 2 },
      ],
      width,
    ),
  ]
  expect(lines).toEqual([
    `[2, 4)                  4 |${'@'.repeat(bars)}|\n`,
    `[4, 8)                  2 |${'@'.repeat(Math.floor(bars / 2)).padEnd(bars)}|\n`,
  ])
})
