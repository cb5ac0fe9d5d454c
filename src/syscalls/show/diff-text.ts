import type { CallStats } from '../profile.ts'
import type { DiffRow, ProfileDiff, Threshold, TimeKind, Verdict } from '../model.ts'
import { isTimeMetric } from '../rules/thresholds.ts'
import { formatDurationNs } from '../../terminal/units.ts'
import { ruledTable, type RuledColumn } from './ruled-table.ts'
import type { Theme } from '../../terminal/theme.ts'
import { wrap } from '../../terminal/wrap.ts'
import { escapeBytes } from '../../terminal/escape.ts'

/** The comparison as a table: new and vanished calls first, then what changed most; unchanged calls are only counted. */
export function* diffLines(diff: ProfileDiff, top: number, theme: Theme, width: number): Generator<string> {
  const changed = diff.rows.filter(row => !isUnchanged(row))
  const shown = changed.slice(0, top)
  const columns = columnsOf(diff, width)
  yield* ruledTable(
    columns.map(column => column.layout),
    shown.map(row => columns.map(column => column.cell(row))),
    columns.map(column => column.cell(totalOf(diff))),
    { width, bringBack: 'a wider terminal, a pipe or --json' },
  )
  if (changed.length > shown.length) yield `(${changed.length - shown.length} more rows)\n`
  const same = diff.rows.length - changed.length
  if (same > 0) yield `(${same === 1 ? '1 system call is' : `${same} system calls are`} unchanged)\n`
  const { before, after } = diff
  yield '\n'
  const note = (text: string) => `${wrap(text, width, 0)}\n`
  yield theme.quiet(
    note(
      before.measuredWith === after.measuredWith
        ? `Measured with ${before.measuredWith}.`
        : `Measured with ${before.measuredWith} before, with ${after.measuredWith} after.`,
    ),
  )
  if (diff.time !== undefined) yield theme.quiet(note(`Time is ${TIMES[diff.time]}.`))
  if (diff.timeObstacle !== undefined) yield note(`Times are not compared: ${diff.timeObstacle}.`)
  if (diff.errorsObstacle !== undefined) yield note(`Errors are not compared: ${diff.errorsObstacle}.`)
  if (diff.durations !== undefined)
    yield note(
      `Watched for ${formatDurationNs(diff.durations.oldNs)} before and ${formatDurationNs(diff.durations.newNs)} after: compare the rates.`,
    )
}

/** One line for each condition of `--fail-on`. */
export function* verdictLines(verdicts: readonly Verdict[], theme: Theme): Generator<string> {
  if (verdicts.length > 0) yield '\n'
  for (const { threshold, failed, old, new: now } of verdicts) {
    const value = (amount: number) => formatAmount(threshold, amount)
    const text = `${failed ? 'FAILED' : 'ok'}  ${threshold.text}  (${value(old)} before, ${value(now)} after)`
    yield `${failed ? theme.bad(text) : theme.good(text)}\n`
  }
}

function formatAmount({ metric }: Threshold, amount: number): string {
  if (isTimeMetric(metric)) return formatDurationNs(amount)
  return metric === 'rate' ? `${amount.toFixed(1)} a second` : String(amount)
}

const TIMES: Readonly<Record<TimeKind, string>> = {
  system: 'CPU time spent in the kernel',
  wall: 'wall time, from entry to return: waiting counts',
}

interface DiffColumn {
  layout: RuledColumn
  cell(row: DiffRow<CallStats>): string
}

function columnsOf({ time, durations, errorsObstacle }: ProfileDiff, width: number): DiffColumn[] {
  const columns: DiffColumn[] = [
    right('Δcalls', row => signed(row.callsDelta)),
    right('before', row => count(row.old?.calls), 6),
    right('after', row => count(row.new?.calls)),
    right('Δ%', row => percentChange(row.old?.calls, row.new?.calls), 5),
  ]
  if (durations !== undefined)
    columns.push(
      right('before/s', row => rate(row.old?.calls, durations.oldNs), 1),
      right('after/s', row => rate(row.new?.calls, durations.newNs), 3),
    )
  if (time !== undefined)
    columns.push(
      right(`Δ${time}`, row => signedDuration(row.timeDeltaNs ?? 0)),
      right('before', row => duration(row.old?.[time]?.totalNs), 0),
      right('after', row => duration(row.new?.[time]?.totalNs), 2),
    )
  if (errorsObstacle === undefined) columns.push(right('Δerrors', row => signed(row.errorsDelta ?? 0), 4))
  columns.push(
    {
      layout: { header: '', align: 'left' },
      cell: row => (row.change === 'new' || row.change === 'vanished' ? row.change : ''),
    },
    {
      layout: { header: 'syscall', align: 'left', minWidth: 16, fixed: width === Infinity, shrinksTo: 12 },
      cell: row => escapeBytes(row.label),
    },
  )
  return columns
}

const right = (header: string, cell: (row: DiffRow<CallStats>) => string, leaves?: number): DiffColumn => ({
  layout: { header, align: 'right', minWidth: 8, leaves },
  cell,
})

function isUnchanged(row: DiffRow<CallStats>): boolean {
  return row.change === 'same' && (row.errorsDelta ?? 0) === 0 && (row.timeDeltaNs ?? 0) === 0
}

function totalOf({ rows, time }: ProfileDiff): DiffRow<CallStats> {
  const sum = (pick: (row: DiffRow<CallStats>) => number | undefined) =>
    rows.reduce((all, row) => all + (pick(row) ?? 0), 0)
  const side = (pick: (row: DiffRow<CallStats>) => CallStats | undefined): CallStats => ({
    calls: sum(row => pick(row)?.calls),
    errors: sum(row => pick(row)?.errors),
    ...(time && { [time]: { totalNs: sum(row => pick(row)?.[time]?.totalNs) } }),
  })
  return {
    label: 'total',
    change: 'same',
    old: side(row => row.old),
    new: side(row => row.new),
    callsDelta: sum(row => row.callsDelta),
    errorsDelta: sum(row => row.errorsDelta),
    timeDeltaNs: sum(row => row.timeDeltaNs),
  }
}

const count = (calls: number | undefined) => String(calls ?? 0)
const signed = (change: number) => (change > 0 ? `+${change}` : change === 0 ? '' : String(change))
const duration = (ns: number | undefined) => (ns === undefined ? '' : formatDurationNs(ns))
const signedDuration = (ns: number) => (ns === 0 ? '' : `${ns > 0 ? '+' : '-'}${formatDurationNs(Math.abs(ns))}`)
const rate = (calls: number | undefined, ns: number) => (((calls ?? 0) * 1e9) / ns).toFixed(1)

function percentChange(old: number | undefined, now: number | undefined): string {
  if (old === undefined || old === 0 || now === undefined || now === old) return ''
  const change = (100 * (now - old)) / old
  const size = Math.abs(change)
  // Nearly all gone is not gone.
  return `${change > 0 ? '+' : ''}${change.toFixed(size < 10 || (size > 99 && size < 100) ? 1 : 0)}%`
}
