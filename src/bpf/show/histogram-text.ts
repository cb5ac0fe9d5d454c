import type { Bucket } from '../run/output/message.ts'

const BAR_WIDTH = 52
const LABEL_WIDTH = 16
const COUNT_WIDTH = 8

/** A histogram as bpftrace prints it, with shorter bars where the terminal is narrow: `[4, 8)                 6 |@@@@@@@@@@@@                  |`. */
export function* histogramLines(buckets: readonly Bucket[], width: number): Generator<string> {
  const filled = withGaps(buckets)
  const bars = Math.max(1, Math.min(BAR_WIDTH, width - LABEL_WIDTH - COUNT_WIDTH - 4))
  const most = Math.max(...filled.map(bucket => bucket.count))
  for (const bucket of filled) {
    const bar = '@'.repeat(most > 0 ? Math.floor((bucket.count / most) * bars) : 0)
    yield `${bucketLabel(bucket).padEnd(LABEL_WIDTH)} ${String(bucket.count).padStart(COUNT_WIDTH)} |${bar.padEnd(bars)}|\n`
  }
}

/** `[1K, 2K)`, `[0]`, `(..., 0)`, `[64, ...)`. Both ends of a bucket belong to it; the label's upper end does not. */
export function bucketLabel({ min, max }: Bucket): string {
  if (min === undefined) return `(..., ${scaled((max ?? -1) + 1)})`
  if (max === undefined) return `[${scaled(min)}, ...)`
  return min === max ? `[${scaled(min)}]` : `[${scaled(min)}, ${scaled(max + 1)})`
}

const PREFIXES = ['', 'K', 'M', 'G', 'T', 'P', 'E']

/** Powers of two, as bpftrace shortens them: 1024 → `1K`; what is no whole multiple stays a number. */
function scaled(value: number): string {
  let rest = value
  let prefix = 0
  while (Math.abs(rest) >= 1024 && rest % 1024 === 0 && prefix < PREFIXES.length - 1) {
    rest /= 1024
    prefix += 1
  }
  return `${rest}${PREFIXES[prefix]}`
}

/** Buckets of powers of two without holes, so that distances show. Linear ones come without holes. */
export function withGaps(buckets: readonly Bucket[]): Bucket[] {
  const sorted = buckets.toSorted((a, b) => (a.min ?? -Infinity) - (b.min ?? -Infinity))
  const filled: Bucket[] = []
  for (const bucket of sorted) {
    let last = filled.at(-1)
    while (last?.max !== undefined && bucket.min !== undefined && last.max + 1 < bucket.min) {
      const min = last.max + 1
      const next = nextBucket(min)
      if (next.max! >= bucket.min) break
      filled.push(next)
      last = next
    }
    filled.push(bucket)
  }
  return filled
}

/** bpftrace has single buckets for 0 and 1 and powers of two from 2 on. */
const nextBucket = (min: number): Bucket => ({ min, max: min < 2 ? min : 2 * min - 1, count: 0 })
