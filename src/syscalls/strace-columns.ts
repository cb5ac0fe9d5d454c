import type { Abi } from '../kernel/abi.ts'

/**
 * The columns of `strace -c` in the words of its header line, each with what `-U` and `-S` call it.
 * Source: strace(1), option --summary-columns; src/count.c.
 */
export const STRACE_COLUMNS = {
  '% time': ['time', 'time-percent', 'time_percent', 'percent'],
  seconds: ['seconds', 'time-total', 'time_total', 'total-time', 'total_time'],
  shortest: ['shortest', 'min-time', 'min_time', 'time-min', 'time_min'],
  longest: ['longest', 'max-time', 'max_time', 'time-max', 'time_max'],
  'usecs/call': ['usecs/call', 'avg-time', 'avg_time', 'time-avg', 'time_avg'],
  calls: ['calls', 'count'],
  errors: ['errors', 'error'],
  syscall: ['syscall', 'name', 'syscall-name', 'syscall_name'],
  'wall-total': ['wall-total', 'total-wall'],
  'wall-min': ['wall-min', 'min-wall'],
  'wall-max': ['wall-max', 'max-wall'],
  'wall-avg': ['wall-avg', 'avg-wall'],
} as const

export type StraceColumn = keyof typeof STRACE_COLUMNS

export const DEFAULT_STRACE_COLUMNS: readonly StraceColumn[] = [
  '% time',
  'seconds',
  'usecs/call',
  'calls',
  'errors',
  'syscall',
]

/** The cells of a row as they are printed: percent, seconds, microseconds, counts. A blank cell is absent. */
export interface StraceRow {
  name: string
  /** NaN where strace printed `nan`. */
  cells: Partial<Record<Exclude<StraceColumn, 'syscall'>, number>>
}

/** One table of `strace -c`. */
export interface StraceTable {
  abi: Abi
  columns: StraceColumn[]
  rows: StraceRow[]
  /** The footer; absent where it was cut off. */
  total?: StraceRow | undefined
}
