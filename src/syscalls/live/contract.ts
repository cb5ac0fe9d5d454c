import type { SyscallProfile } from '../profile.ts'
import type { Warning } from '../../warnings.ts'

/** Whom to trace. */
export type TraceTarget =
  | { kind: 'command'; argv: string[] }
  | { kind: 'pids'; pids: number[] }
  | { kind: 'comm'; comm: string }
  | { kind: 'cgroup'; path: string }

/** `bpf` takes bpftrace, or `syscount` where it is missing. */
export type BackendChoice = 'auto' | 'bpf' | 'syscount' | 'strace' | 'perf'

export interface TraceLiveOptions {
  target: TraceTarget
  backend: BackendChoice
  /** `-f`: children and new threads too. */
  followChildren: boolean
  /** `-w`: only wall time is wanted; without it both kinds, where the backend has them. */
  wallOnly: boolean
  /** `-e` expressions, as typed. */
  expressions: string[]
  /** A view by thread or process was asked for: count per thread. */
  byThread: boolean
  /** A view was asked for that only a full log answers: files, peers, slowest calls, stacks. */
  needsLog: boolean
  durationMs?: number | undefined
  /** Call {@link TraceLiveEvents.interval} each so many milliseconds. */
  intervalMs?: number | undefined
}

export interface TraceLiveEvents {
  /** The cumulative profile so far. */
  interval(profile: SyscallProfile): void
  /** Which backend was chosen, why, and what it will cost; other remarks while it runs. */
  remark(warning: Warning): void
  /** `-C`: lines of the log as strace prints them, where asked for. */
  log?: ((chunk: Buffer) => void) | undefined
}

export interface TraceLiveResult {
  profile: SyscallProfile
  /** Exit status for our own process: that of the command; 128+n where a signal ended it. */
  status: number
}

/**
 * What trace-live.ts exports as `traceLive`. It takes the signals we get while it runs: those that ask to end
 * are passed on to a command, and end an attachment, which still yields the profile. So does aborting.
 */
export type TraceLive = (
  options: TraceLiveOptions,
  events: TraceLiveEvents,
  abort?: AbortSignal,
) => Promise<TraceLiveResult>
