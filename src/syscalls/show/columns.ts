import { percentiles } from '../latency-histogram.ts'
import type { CallStats, TimeSpent } from '../profile.ts'
import type { ProfileRow, TimeKind } from '../model.ts'
import { formatBytes, formatDurationNs } from '../../terminal/units.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { latencyBars } from './latency-bars.ts'
import { ruledTable, type RuledColumn } from './ruled-table.ts'

/** Columns a table may have, in strace's words where strace has them. */
export const PROFILE_COLUMNS = [
  '% time',
  'seconds',
  'shortest',
  'longest',
  'usecs/call',
  'calls',
  'errors',
  'restarts',
  'syscall',
  'wall-total',
  'wall-min',
  'wall-max',
  'wall-avg',
  'p50',
  'p90',
  'p95',
  'p99',
  'p99.9',
  'max',
  'distribution',
  'errno',
  'bytes',
  'detail',
] as const
export type ProfileColumn = (typeof PROFILE_COLUMNS)[number]

export interface TableOptions {
  columns: readonly ProfileColumn[]
  time: TimeKind
  /** Heading of the column of names. */
  heading: string
  total: CallStats
  /** Columns of the terminal. */
  width: number
  /** The columns were asked for: none leaves. */
  isChosen: boolean
}

interface CellContext {
  time: TimeKind
  totalNs: number
  bar: (row: ProfileRow) => string
}

/** What to show where nothing was asked for: strace's columns, and our own that the source can fill. */
export function defaultColumns(rows: readonly ProfileRow[], both: boolean): ProfileColumn[] {
  const has = (pick: (row: ProfileRow) => unknown) => rows.some(row => pick(row) !== undefined)
  const columns: ProfileColumn[] = has(row => row.system ?? row.wall) ? ['% time', 'seconds', 'usecs/call'] : []
  if (both) columns.push('wall-total')
  columns.push('calls', 'errors')
  if (rows.some(row => (row.restarts ?? 0) > 0)) columns.push('restarts')
  columns.push('syscall')
  if (has(row => row.latency)) columns.push('p50', 'p95', 'p99', 'max', 'distribution')
  if (has(row => row.readBytes)) columns.push('bytes')
  if (rows.some(row => Object.keys(row.errnos ?? {}).length > 0)) columns.push('errno')
  if (has(row => row.detail)) columns.push('detail')
  return columns
}

/** Lines of a profile in the look of `strace -c`. */
export function profileTableLines(rows: readonly ProfileRow[], options: TableOptions): Generator<string> {
  const bars = latencyBars([...rows.map(row => row.latency), options.total.latency])
  const context: CellContext = {
    time: options.time,
    totalNs: options.total[options.time]?.totalNs ?? 0,
    bar: row => bars?.bar(row.latency) ?? '',
  }
  const layout = options.columns.map((column): RuledColumn => ({
    header: headerOf(column, options, bars?.header),
    word: column,
    align: LEFT.has(column) ? 'left' : 'right',
    minWidth: MIN_WIDTHS[column],
    isList: column === 'errno' || column === 'detail',
    shrinksTo: LEAST_WIDTHS[column],
    ...(!options.isChosen && LEAVING.includes(column) && { leaves: LEAVING.indexOf(column) }),
  }))
  const cells = (row: ProfileRow) => options.columns.map(column => CELLS[column](row, context))
  return ruledTable(layout, rows.map(cells), cells({ ...options.total, label: 'total' }), {
    width: options.width,
    bringBack: '-U NAME,…',
  })
}

/** Wall time beside system time is marked as such. */
function headerOf(column: ProfileColumn, { heading, time }: TableOptions, span: string | undefined): string {
  if (column === 'syscall') return heading
  if (time === 'wall' || !OWN_WALL_COLUMNS.has(column)) return column === 'distribution' ? (span ?? column) : column
  return column === 'distribution' ? `wall ${span ?? ''}`.trimEnd() : `wall-${column}`
}

/** Our columns that hold wall time; strace's say it in their names. */
const OWN_WALL_COLUMNS = new Set<ProfileColumn>(['p50', 'p90', 'p95', 'p99', 'p99.9', 'max', 'distribution'])

/** strace's columns that hold the time the table is about. */
const TIME_COLUMNS = new Set<ProfileColumn>(['% time', 'seconds', 'shortest', 'longest', 'usecs/call'])

/** Which kinds of time stand in a table. */
export function timesShown(columns: readonly ProfileColumn[], time: TimeKind): Set<TimeKind> {
  const kinds = columns.flatMap((column): TimeKind[] => {
    if (TIME_COLUMNS.has(column)) return [time]
    return OWN_WALL_COLUMNS.has(column) || column.startsWith('wall-') ? ['wall'] : []
  })
  return new Set(kinds)
}

const LEFT = new Set<ProfileColumn>(['syscall', 'distribution', 'errno', 'detail'])

const MIN_WIDTHS: Partial<Record<ProfileColumn, number>> = {
  '% time': 6,
  seconds: 11,
  'usecs/call': 11,
  calls: 9,
  errors: 9,
  syscall: 16,
}

/** To what a terminal may shorten a cell. */
const LEAST_WIDTHS: Partial<Record<ProfileColumn, number>> = { syscall: 16, errno: 14, detail: 20 }

/** How columns leave a narrow terminal: what is dear in width and cheap in news first. */
const LEAVING: readonly ProfileColumn[] = [
  'distribution',
  'p50',
  'p95',
  'p99',
  'detail',
  'errno',
  'wall-total',
  'restarts',
  'max',
  'usecs/call',
  'bytes',
  '% time',
  'errors',
  'seconds',
]

const CELLS: Readonly<Record<ProfileColumn, (row: ProfileRow, context: CellContext) => string>> = {
  '% time': (row, { time, totalNs }) =>
    row[time] === undefined ? '' : (totalNs === 0 ? 0 : (100 * row[time].totalNs) / totalNs).toFixed(2),
  seconds: (row, { time }) => seconds(row[time]?.totalNs),
  shortest: (row, { time }) => seconds(row[time]?.minNs),
  longest: (row, { time }) => seconds(row[time]?.maxNs),
  'usecs/call': (row, { time }) => mean(row[time], row.calls),
  calls: row => String(row.calls),
  errors: row => (row.errors === 0 ? '' : String(row.errors)),
  restarts: row => (row.restarts ? String(row.restarts) : ''),
  syscall: row => escapeBytes(row.label),
  'wall-total': row => seconds(row.wall?.totalNs),
  'wall-min': row => seconds(row.wall?.minNs),
  'wall-max': row => seconds(row.wall?.maxNs),
  'wall-avg': row => mean(row.wall, row.calls),
  p50: row => percentile(row, 0.5),
  p90: row => percentile(row, 0.9),
  p95: row => percentile(row, 0.95),
  p99: row => percentile(row, 0.99),
  'p99.9': row => percentile(row, 0.999),
  max: row => (row.wall?.maxNs === undefined ? '' : formatDurationNs(row.wall.maxNs)),
  distribution: (row, { bar }) => bar(row),
  errno: row =>
    Object.entries(row.errnos ?? {})
      .sort((a, b) => b[1] - a[1])
      .map(([name, calls]) => `${name} ${calls}`)
      .join(', '),
  bytes: row => {
    const bytes = (row.readBytes ?? 0) + (row.writtenBytes ?? 0) + (row.transfer?.bytes ?? 0)
    return bytes === 0 ? '' : formatBytes(bytes)
  },
  detail: row => row.detail ?? '',
}

function seconds(ns: number | undefined): string {
  return ns === undefined ? '' : (ns / 1e9).toFixed(6)
}

/** Whole microseconds, rounded down as strace does. */
function mean(time: TimeSpent | undefined, calls: number): string {
  if (time === undefined) return ''
  return String(Math.floor((time.meanNs ?? (calls === 0 ? 0 : time.totalNs / calls)) / 1e3))
}

function percentile(row: ProfileRow, share: number): string {
  if (row.latency === undefined) return ''
  const [ns] = percentiles(row.latency, [share], { minNs: row.wall?.minNs, maxNs: row.wall?.maxNs })
  return ns === undefined ? '' : formatDurationNs(ns)
}
