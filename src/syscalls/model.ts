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
  errorsDelta: number
  /** Absent where one side has no time of a kind both have. */
  timeDeltaNs?: number | undefined
}

export interface ProfileDiff {
  rows: DiffRow[]
  /** The kind of time both profiles have; absent where they have none in common. */
  time?: TimeKind | undefined
  /** Set where the two were watched for different times: counts are then better compared per second. */
  durations?: { oldNs: number; newNs: number } | undefined
}

/** A condition of `--fail-on`: `calls:futex>+20%`. */
export interface Threshold {
  text: string
  metric: 'calls' | 'errors' | 'time'
  /** Name of the system call, or `total`. */
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
