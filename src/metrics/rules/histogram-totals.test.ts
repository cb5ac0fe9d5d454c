import { describe, expect, test } from 'vitest'
import { HistogramTotals } from './histogram-totals.ts'

const run = (key: string, ...buckets: [min: number, max: number, count: number][]) => ({
  key,
  buckets: buckets.map(([min, max, count]) => ({ min, max, count })),
})

/** `key le count` of the buckets where something was added. */
function steps(totals: HistogramTotals): string[] {
  const lines: string[] = []
  let before = 0
  for (const { labels, value, suffix } of totals.samples({ job: 'x' })) {
    if (suffix === '_count') before = 0
    if (suffix !== '_bucket' || value === before) continue
    lines.push(`${labels['key']} ${labels['le']} ${value}`)
    before = value
  }
  return lines
}

const sums = (totals: HistogramTotals) =>
  totals.samples({ job: 'x' }).flatMap(({ suffix, value }) => (suffix === '_bucket' ? [] : [value]))

describe('histograms of a job', () => {
  test('buckets of powers of two of a microsecond, in seconds', () => {
    const totals = new HistogramTotals()
    totals.now([run('', [0, 0, 1], [1, 1, 2], [2, 3, 4], [1024, 2047, 8])])
    expect(steps(totals)).toEqual([' 0.000001 1', ' 0.000002 3', ' 0.000004 7', ' 0.002048 15'])
    const [sum, count] = sums(totals)
    expect(count).toBe(15)
    expect(sum).toBeCloseTo((0.5 + 2 * 1.5 + 4 * 3 + 8 * 1536) / 1e6, 12)
  })

  test('every series has all bounds; what is larger is in +Inf alone', () => {
    const totals = new HistogramTotals()
    totals.now([{ key: '', buckets: [{ min: 2 ** 40, count: 3 }] }])
    const buckets = totals.samples({}).filter(({ suffix }) => suffix === '_bucket')
    expect(buckets.length).toBe(27)
    expect(steps(totals)).toEqual([' +Inf 3'])
  })

  test('a tracer that starts anew takes nothing away', () => {
    const totals = new HistogramTotals()
    totals.now([run('8:0', [1, 1, 5])])
    totals.end()
    expect(steps(totals)).toEqual(['8:0 0.000002 5'])
    totals.now([run('8:0', [1, 1, 2]), run('8:16', [0, 0, 1])])
    expect(steps(totals)).toEqual(['8:0 0.000002 7', '8:16 0.000001 1'])
    totals.end()
    expect(steps(totals)).toEqual(['8:0 0.000002 7', '8:16 0.000001 1'])
  })

  test('of very many keys the late ones are one, and stay so', () => {
    const totals = new HistogramTotals()
    const many = Array.from({ length: 50 }, (_, at) => run(`k${at}`, [1, 1, 1]))
    totals.now(many)
    expect(steps(totals).length).toBe(41)
    expect(steps(totals).at(-1)).toBe('other 0.000002 10')
    totals.end()
    totals.now(many.toReversed())
    expect(steps(totals).at(-1)).toBe('other 0.000002 20')
  })
})
