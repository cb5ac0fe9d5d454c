import { bucketsOf, type LatencyHistogram } from '../latency-histogram.ts'
import { formatDurationNs } from '../../terminal/units.ts'

const LEVELS = ' ▁▂▃▄▅▆▇█'

/** Columns of the widest bar. */
const MAX_WIDTH = 24

export interface LatencyBars {
  /** The durations at both ends: `4us..67ms`. */
  header: string
  bar(histogram: LatencyHistogram | undefined): string
}

/** Bars on one common scale: each column of a bar is a power of two (or several), its height the share of the calls. */
export function latencyBars(histograms: readonly (LatencyHistogram | undefined)[]): LatencyBars | undefined {
  let low = Infinity
  let high = -Infinity
  for (const histogram of histograms)
    for (const { index } of histogram ? bucketsOf(histogram) : []) {
      low = Math.min(low, octave(index))
      high = Math.max(high, octave(index))
    }
  if (high < low) return undefined
  const step = Math.ceil((high - low + 1) / MAX_WIDTH)
  const width = Math.ceil((high - low + 1) / step)
  return {
    header: `${formatDurationNs(2 ** low)}..${formatDurationNs(2 ** (low + width * step))}`,
    bar(histogram) {
      if (histogram === undefined) return ''
      const columns = Array.from({ length: width }, () => 0)
      for (const { index, count } of bucketsOf(histogram)) columns[Math.floor((octave(index) - low) / step)]! += count
      const highest = Math.max(...columns)
      // The least share still shows, so that an outlier is never invisible.
      return columns.map(count => LEVELS[count === 0 ? 0 : Math.max(1, Math.round((count / highest) * 8))]).join('')
    },
  }
}

/** Power of two a bucket lies in; everything below 8 ns is one. */
function octave(index: number): number {
  return Math.max(3, index >> 3)
}
