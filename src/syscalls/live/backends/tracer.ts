import type { ProfileMeta } from '../../profile.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import type { TraceLiveEvents, TraceLiveOptions, TraceLiveResult } from '../contract.ts'
import type { TargetProcess } from '../target.ts'

/** A tool that can trace system calls, as found on this machine. */
export interface Tracer {
  backend: 'bpftrace' | 'syscount' | 'strace' | 'perf'
  file: string
  /** As the tool prints it, without its name. */
  version: string
  /** What being traced costs the tracee, as one phrase. */
  overhead: string
}

export interface TraceJob {
  tracer: Tracer
  options: TraceLiveOptions
  events: TraceLiveEvents
  abort: AbortSignal
  proc: ProcSource
  /** Processes to attach to; empty for a command. */
  targets: TargetProcess[]
}

/** Runs one tracer over one target, from before its first call to the profile. */
export type TraceRun = (job: TraceJob) => Promise<TraceLiveResult>

/** What every tracer says of a run; `exit` is added once the command has ended. */
export function profileMeta(
  { tracer, options, proc, targets }: TraceJob,
  startedAt: string,
  durationNs: number,
): ProfileMeta {
  const { target } = options
  return {
    backend: tracer.backend,
    toolVersion: tracer.version,
    ...(target.kind === 'command' && { command: target.argv }),
    ...(target.kind === 'pids' && { pids: targets.map(process => process.pid) }),
    startedAt,
    durationNs: durationNs > 0 ? durationNs : undefined,
    host: proc.meta.host,
    kernel: proc.meta.kernel,
    arch: proc.meta.arch,
    overhead: tracer.overhead,
  }
}
