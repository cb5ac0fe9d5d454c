import type { KeyedHistogram } from '../model.ts'
import { histogramDifference, mergeBuckets } from '../run/output/histogram.ts'
import type { Bucket } from '../run/output/message.ts'
import { wrap } from '../../terminal/wrap.ts'
import { timeOfDay } from './cell.ts'
import { bucketLabel, withGaps } from './histogram-text.ts'

/** From nothing to the most; one character a step, so that it is read without colour. */
const SHADES = ' .:-=+*#%@'

/** What one interval added. */
export interface HeatColumn {
  /** Time of day. */
  time: string
  buckets: readonly Bucket[]
}

/** Collects what each interval added to all histograms together; `clock` writes a time of day, here by the clock of the reader. */
export function recordHeat(clock: (wallMs: number) => string = timeOfDay) {
  const columns: HeatColumn[] = []
  let before = new Map<string, KeyedHistogram>()
  return {
    columns: columns as readonly HeatColumn[],
    /** The histograms at the end of an interval. */
    add(histograms: readonly KeyedHistogram[], wallMs: number | undefined): void {
      const added = histograms.flatMap(now =>
        histogramDifference(now.buckets, before.get(String(now.key))?.buckets ?? []),
      )
      before = new Map(histograms.map(now => [String(now.key), now]))
      columns.push({
        time: wallMs === undefined ? '' : clock(wallMs).slice(0, 8),
        buckets: mergeBuckets(added),
      })
    },
  }
}

/**
 * Histograms over time: a column an interval, a row a bucket, slow on top; the darker the more. Shades are logarithmic,
 * so that few slow ones show beside many fast ones. The last columns that fit into `width`.
 */
export function* heatmapLines(columns: readonly HeatColumn[], width: number): Generator<string> {
  const rows = withGaps(unionOf(columns)).toReversed()
  const labelWidth = Math.max(0, ...rows.map(row => bucketLabel(row).length)) + 1
  const shown = columns.slice(-Math.max(1, Math.min(columns.length, width - labelWidth - 2)))
  const most = Math.max(1, ...shown.flatMap(column => column.buckets.map(bucket => bucket.count)))
  const shadeOf = (count: number) =>
    count === 0 ? SHADES[0]! : SHADES[1 + Math.floor((Math.log(count) / Math.log(most + 1)) * (SHADES.length - 1))]!
  for (const row of rows) {
    const cells = shown.map(({ buckets }) => shadeOf(buckets.find(bucket => sameBucket(bucket, row))?.count ?? 0))
    yield `${bucketLabel(row).padStart(labelWidth)} |${cells.join('')}|\n`
  }
  if (shown.length > 0) {
    const legend = `${shown[0]!.time} to ${shown.at(-1)!.time}; ${SHADES.slice(1)}: 1 to ${most}`
    const indent = labelWidth + 2 + legend.length <= width ? ' '.repeat(labelWidth + 2) : ''
    yield `${indent}${wrap(legend, width, 0)}\n`
  }
}

function unionOf(columns: readonly HeatColumn[]): Bucket[] {
  const all = new Map<string, Bucket>()
  for (const { buckets } of columns) {
    for (const bucket of buckets) all.set(`${bucket.min},${bucket.max}`, Object.assign({}, bucket, { count: 0 }))
  }
  return [...all.values()]
}

const sameBucket = (a: Bucket, b: Bucket) => a.min === b.min && a.max === b.max
