import { UsageError } from '../../errors.ts'
import { isSyscallName, similarSyscalls } from '../../kernel/syscall-names.ts'
import { percentiles } from '../latency-histogram.ts'
import { METRICS, type DiffRow, type Metric, type ProfileDiff, type Threshold, type Verdict } from '../model.ts'
import type { CallStats } from '../profile.ts'
import { addStats } from './call-stats.ts'

/** Metrics that are counts; all others are times. */
const COUNTS = new Set<Metric>(['calls', 'errors', 'rate'])

const CONDITION = new RegExp(
  `^(${Object.keys(METRICS).join('|')})(?::([\\w() ]+))?([<>])([+-]?)(\\d+(?:\\.\\d+)?)(%|ns|us|ms|s)?$`,
)

/**
 * Reads `METRIC[:SYSCALL]>LIMIT`: a metric of {@link METRICS}; a system call, or all of them (`total`); `>` or `<`;
 * `+20%` or `-5%` of the old value, `+100` or `-3` more or fewer, or a plain number for the new value itself. Times in
 * seconds, or with a unit.
 *
 * @throws UsageError
 */
export function parseThreshold(text: string): Threshold {
  const match = CONDITION.exec(text.trim())
  const metric = match?.[1] as Metric | undefined
  const unit = match?.[6]
  if (
    match === null ||
    metric === undefined ||
    (COUNTS.has(metric) && unit !== undefined && unit !== '%') ||
    (unit === '%' && match[4] === '')
  )
    throw new UsageError(`--fail-on ${JSON.stringify(text)} is no condition`, {
      hint: `write METRIC[:SYSCALL]>LIMIT, such as 'calls:futex>+20%', 'p99:read>5ms' or 'errors>100'; metrics: ${Object.keys(METRICS).join(', ')}`,
    })
  const sign = match[4] === '-' ? -1 : 1
  const scale = COUNTS.has(metric) || unit === '%' ? 1 : SCALES[unit ?? 's']!
  return {
    text,
    metric,
    syscall: match[2]?.trim() ?? 'total',
    above: match[3] === '>',
    limit: sign * Number(match[5]) * scale,
    kind: unit === '%' ? 'percent' : match[4] === '' ? 'value' : 'change',
  }
}

const SCALES: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 }

/** Whether the metric is a time, in nanoseconds. */
export function isTimeMetric(metric: Metric): boolean {
  return !COUNTS.has(metric)
}

/**
 * Whether a diff meets a condition. A new call is an infinite rise in percent.
 *
 * @throws UsageError where the two profiles cannot answer it: a condition that nothing could meet is no condition
 */
export function judge(diff: ProfileDiff, threshold: Threshold): Verdict {
  const rows = rowsFor(diff, threshold)
  const reason = unanswerable(diff, threshold)
  if (reason !== undefined)
    throw new UsageError(`--fail-on ${JSON.stringify(threshold.text)} cannot be judged: ${reason}`, {
      hint: 'compare what was measured alike, or take calls: and errors:',
    })
  const old = measure(diff, threshold.metric, 'old', rows)
  const now = measure(diff, threshold.metric, 'new', rows)
  const change = now - old
  const measured =
    threshold.kind === 'value' ? now : threshold.kind === 'change' ? change : change === 0 ? 0 : (100 * change) / old
  return { threshold, failed: threshold.above ? measured > threshold.limit : measured < threshold.limit, old, new: now }
}

function rowsFor({ rows }: ProfileDiff, { syscall, text }: Threshold): DiffRow[] {
  if (syscall === 'total') return rows
  const found = rows.filter(row => row.label === syscall)
  const name = syscall.replace(/ \((?:32|x32)\)$/, '')
  if (found.length === 0 && !isSyscallName(name) && !/^syscall_0x[\da-f]+$/.test(name)) {
    const similar = similarSyscalls(name)
    throw new UsageError(`--fail-on ${JSON.stringify(text)} names ${name}, which is no system call`, {
      hint: similar.length === 0 ? 'total stands for all of them' : `did you mean ${similar.join(' or ')}?`,
    })
  }
  return found
}

/** Why the two sides do not tell what a condition asks, if so. */
function unanswerable(diff: ProfileDiff, { metric, kind }: Threshold): string | undefined {
  const sides = kind === 'value' ? (['new'] as const) : (['old', 'new'] as const)
  const lacks = (has: (stats: CallStats) => unknown) =>
    sides.find(side => diff.rows.every(row => row[side] === undefined || has(row[side]) === undefined))
  const named = (side: 'old' | 'new') => diff[side === 'old' ? 'before' : 'after'].measuredWith
  if (metric === 'calls') return undefined
  if (metric === 'errors') return diff.errorsObstacle
  if (metric === 'time') return diff.timeObstacle
  if (metric === 'rate') {
    const side = sides.find(each => diff[each === 'old' ? 'before' : 'after'].watchedNs === undefined)
    return side && `${named(side)} does not tell how long it was watched`
  }
  if (kind !== 'value' && diff.time === undefined) return diff.timeObstacle
  const side = lacks(HAS[metric])
  return side && `${named(side)} does not tell ${METRICS[metric]}`
}

const HAS: Readonly<Record<Exclude<Metric, 'calls' | 'errors' | 'time' | 'rate'>, (stats: CallStats) => unknown>> = {
  system: stats => stats.system,
  wall: stats => stats.wall,
  p50: stats => stats.latency,
  p95: stats => stats.latency,
  p99: stats => stats.latency,
  max: stats => stats.wall?.maxNs,
}

function measure(diff: ProfileDiff, metric: Metric, side: 'old' | 'new', rows: readonly DiffRow[]): number {
  const stats = addStats(rows.flatMap(row => row[side] ?? []))
  switch (metric) {
    case 'calls':
    case 'errors':
      return stats[metric]
    case 'rate':
      return (stats.calls * 1e9) / (diff[side === 'old' ? 'before' : 'after'].watchedNs ?? Infinity)
    case 'time':
      return (diff.time && stats[diff.time]?.totalNs) ?? 0
    case 'system':
    case 'wall':
      return stats[metric]?.totalNs ?? 0
    case 'max':
      return Math.max(0, ...rows.map(row => row[side]?.wall?.maxNs ?? 0))
    default:
      return (stats.latency && percentiles(stats.latency, [Number(metric.slice(1)) / 100])[0]) ?? 0
  }
}
