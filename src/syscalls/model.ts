import type { Statement } from '../statement.ts'
import type { CallStats, SlowCall, SyscallProfile, SyscallStats, ThreadProfile } from './profile.ts'

/** What the rows of a table may stand for. */
export const GROUPS = ['syscall', 'process', 'thread', 'file', 'peer', 'errno'] as const
export type Group = (typeof GROUPS)[number]

/** Which of the two times a table shows. */
export type TimeKind = 'system' | 'wall'

/** One row of a table: a group of calls with a name. */
export interface ProfileRow extends CallStats {
  /** Byte string. */
  label: string
  readBytes?: number | undefined
  writtenBytes?: number | undefined
  /** What the row holds most of: system calls of a process, of an errno. */
  detail?: string | undefined
}

/** A statement about a profile; `do` says what to look at next. */
export interface Finding extends Statement {
  /** The numbers of the evidence, for programs: by name, times in nanoseconds. Texts may be byte strings. */
  facts: Record<string, number | string | Record<string, number>>
}

/** One system call before and after. */
export interface DiffRow<Side extends CallStats = SyscallStats> {
  label: string
  change: 'new' | 'vanished' | 'more' | 'less' | 'same'
  old?: Side | undefined
  new?: Side | undefined
  callsDelta: number
  /** Absent where a side does not tell errors. */
  errorsDelta?: number | undefined
  /** Absent where one side has no time of a kind both have. */
  timeDeltaNs?: number | undefined
}

/** One side of a comparison. */
export interface DiffSide {
  /** What counted and timed the calls, as a person says it: `strace 6.1`, `a log of strace`. */
  measuredWith: string
  /** How long it was watched. */
  watchedNs?: number | undefined
}

export interface ProfileDiff {
  rows: DiffRow[]
  before: DiffSide
  after: DiffSide
  /** The kind of time that both sides have and that can be compared. */
  time?: TimeKind | undefined
  /** Why times are not compared. */
  timeObstacle?: string | undefined
  /** Why errors are not compared. */
  errorsObstacle?: string | undefined
  /** Set where the two were watched for different times: counts are then better compared per second. */
  durations?: { oldNs: number; newNs: number } | undefined
}

/** What a condition may be about. */
export const METRICS = {
  calls: 'calls that returned',
  errors: 'calls that returned an error',
  rate: 'calls a second',
  time: 'time in the calls, of the kind that both sides have',
  system: 'CPU time in the kernel',
  wall: 'time from entry to return',
  p50: 'half of the calls took no longer',
  p95: '95 % of the calls took no longer',
  p99: '99 % of the calls took no longer',
  max: 'the longest call',
} as const
export type Metric = keyof typeof METRICS

/** A condition of `--fail-on`: `calls:futex>+20%`, `errors>0`. */
export interface Threshold {
  text: string
  metric: Metric
  /** Name of the system call as rows have it, or `total`. */
  syscall: string
  above: boolean
  /** Against the new value, the change, or the change in percent of the old value. */
  kind: 'value' | 'change' | 'percent'
  limit: number
}

export interface Verdict {
  threshold: Threshold
  failed: boolean
  old: number
  new: number
}

/** What a command shows of a profile: the same value feeds text and JSON. */
export interface SyscallReport {
  profile: SyscallProfile
  group: Group
  time: TimeKind
  /** Sorted and cut as asked. */
  rows: ProfileRow[]
  /** Rows that `--top` cut off. */
  hiddenRows: number
  total: CallStats
  /** Longest first, as many as asked for. */
  slowest: SlowCall[]
  /** Threads by process, where asked for. */
  tree?: ThreadProfile[][] | undefined
  findings: Finding[]
  diff?: ProfileDiff | undefined
  /** At most so many rows of it. */
  top: number
  verdicts: Verdict[]
}
