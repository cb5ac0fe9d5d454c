import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { heatmapLines, recordHeat } from './heatmap.ts'

test('a heat map: time to the right, slow on top, few shown beside many', () => {
  const columns = [
    { time: '10:00:00', buckets: [{ min: 2, max: 3, count: 1000 }] },
    {
      time: '10:00:01',
      buckets: [
        { min: 2, max: 3, count: 30 },
        { min: 16, max: 31, count: 1 },
      ],
    },
    { time: '10:00:02', buckets: [] },
  ]
  expect([...heatmapLines(columns, 80)].join('')).toBe(` [16, 32) | . |
  [8, 16) |   |
   [4, 8) |   |
   [2, 4) |@+ |
           10:00:00 to 10:00:02; .:-=+*#%@: 1 to 1000
`)
})

test('no line is wider than asked for, whatever comes', () => {
  const bucket = fc
    .integer({ min: 1, max: 40 })
    .map(power => ({ min: 2 ** power, max: 2 ** (power + 1) - 1, count: 3 }))
  const column = fc.record({ time: fc.constant('00:00:00'), buckets: fc.array(bucket, { maxLength: 5 }) })
  fc.assert(
    fc.property(fc.array(column, { maxLength: 200 }), fc.integer({ min: 40, max: 120 }), (columns, width) => {
      for (const line of heatmapLines(columns, width)) expect(line.length - 1).toBeLessThanOrEqual(width)
    }),
  )
})

test('no interval is no map', () => {
  expect([...heatmapLines([], 80)]).toEqual([])
})

test('an interval is what it added to all histograms together', () => {
  const heat = recordHeat()
  const bucket = (count: number) => [{ min: 2, max: 3, count }]
  heat.add(
    [
      { key: 1, buckets: bucket(5) },
      { key: 2, buckets: bucket(1) },
    ],
    undefined,
  )
  heat.add(
    [
      { key: 1, buckets: bucket(7) },
      { key: 2, buckets: bucket(4) },
    ],
    undefined,
  )
  heat.add(
    [
      { key: 1, buckets: bucket(7) },
      { key: 2, buckets: bucket(4) },
    ],
    undefined,
  )
  expect(heat.columns.map(({ buckets }) => buckets)).toEqual([bucket(6), bucket(5), []])
})
