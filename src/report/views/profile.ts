import type { SyscallProfile, SyscallStats } from '../../syscalls/index.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import type { FoldedStack } from '../../terminal/folded.ts'
import { formatDurationNs } from '../../terminal/units.ts'
import type { HeatmapView, TableView } from '../model.ts'
import { grouped } from './grouped.ts'

const MOST_CALLS = 30
const MOST_HEAT_ROWS = 20

/** A latency histogram as the page needs it: calls by the power of two of nanoseconds that they took. */
export type Octaves = ReadonlyMap<number, number>

export interface CallRow {
  label: string
  stats: SyscallStats
  /** Percentiles in nanoseconds. */
  p50Ns?: number | undefined
  p99Ns?: number | undefined
  octaves: Octaves | undefined
}

/** Calls of a profile, those first that took the most time, or were the most. */
export function callsTable(rows: readonly CallRow[], title: string): TableView {
  const time = ({ stats }: CallRow) => stats.wall ?? stats.system
  const sorted = rows.toSorted(
    (a, b) => (time(b)?.totalNs ?? 0) - (time(a)?.totalNs ?? 0) || b.stats.calls - a.stats.calls,
  )
  const duration = (ns: number | undefined) => (ns === undefined ? '' : formatDurationNs(ns))
  return {
    title,
    columns: [
      { title: 'call', isNumber: false },
      ...['calls', 'errors', 'time', 'p50', 'p99'].map(name => ({ title: name, isNumber: true })),
      { title: 'errors by name', isNumber: false },
    ],
    rows: sorted.slice(0, MOST_CALLS).map(row => [
      escapeBytes(row.label),
      grouped(row.stats.calls),
      grouped(row.stats.errors),
      duration(time(row)?.totalNs),
      duration(row.p50Ns),
      duration(row.p99Ns),
      Object.entries(row.stats.errnos ?? {})
        .sort(([, a], [, b]) => b - a)
        .map(([errno, count]) => `${errno} ${count}`)
        .join(', '),
    ]),
    more: Math.max(0, rows.length - MOST_CALLS),
  }
}

/** Which calls took how long; undefined where no call was timed one by one. */
export function latencyHeatmap(rows: readonly CallRow[], title: string): HeatmapView | undefined {
  const timed = rows
    .filter(({ octaves }) => octaves !== undefined && octaves.size > 0)
    .toSorted((a, b) => (b.stats.wall?.totalNs ?? 0) - (a.stats.wall?.totalNs ?? 0))
    .slice(0, MOST_HEAT_ROWS)
  if (timed.length === 0) return undefined
  const all = timed.flatMap(({ octaves }) => [...octaves!.keys()])
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const columns = Array.from({ length: high - low + 1 }, (_, i) => low + i)
  return {
    title,
    unit: 'calls',
    rowTitle: 'call',
    columnTitle: 'took at least',
    rows: timed.map(({ label }) => escapeBytes(label)),
    columns: columns.map(octave => formatDurationNs(2 ** octave)),
    cells: timed.map(({ octaves }) => columns.map(octave => octaves!.get(octave) ?? 0)),
    rowsAreFrames: true,
  }
}

/** Stacks program;call;file of a profile. */
export function profileStacks(lines: Iterable<string>): FoldedStack[] {
  return [...lines].map(line => {
    const end = line.lastIndexOf(' ')
    return { frames: line.slice(0, end).split(';'), weight: Number(line.slice(end + 1)) }
  })
}

/** What a profile is of, in a few words. */
export function profileAbout({ meta, syscalls }: SyscallProfile): string {
  const calls = syscalls.reduce((sum, call) => sum + call.calls, 0)
  const watched = meta.durationNs === undefined ? '' : ` in ${formatDurationNs(meta.durationNs)}`
  return `${grouped(calls)} system calls${watched}, ${meta.backend}`
}
