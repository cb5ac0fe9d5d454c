import type { ProfileMeta } from '../profile.ts'
import { formatDurationNs } from '../../terminal/units.ts'

/** The line above a table of `--interval`: when it was made, and how much of the run it is about. */
export function intervalTitle(
  { startedAt, durationNs }: ProfileMeta,
  { type, untilNs }: { type: 'interval' | 'summary'; untilNs: number | undefined },
): string {
  if (untilNs === undefined) return type === 'summary' ? 'In all:' : 'Interval:'
  const at = startedAt === undefined ? '' : `${clockOf(startedAt, untilNs)}  `
  if (type === 'summary') return `${at}in all ${formatDurationNs(untilNs)}:`
  return `${at}after ${formatDurationNs(untilNs)}, the last ${formatDurationNs(durationNs ?? untilNs)}:`
}

/** `14:03:25Z` */
function clockOf(startedAt: string, afterNs: number): string {
  return `${new Date(Date.parse(startedAt) + afterNs / 1e6).toISOString().slice(11, 19)}Z`
}
