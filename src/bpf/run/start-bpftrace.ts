import type { BpfNote, BpfRunHeader } from '../model.ts'
import { bpftraceEnv } from '../jobs/build.ts'
import type { Job } from '../jobs/job.ts'
import type { LineWriter } from '../../proc/line-file.ts'
import type { MachineFiles } from '../doctor/machine/machine-files.ts'
import { startTool, type RunningTool, type ToolResult } from '../../children/child-tool.ts'
import type { HeldCommand } from '../../children/hold-command.ts'
import { followRun, type BpfListener, type BpfSession } from './session.ts'

/** How long bpftrace needs to let go of its probes, one after the other. Measured: 65 ms each, every version. */
const DETACH_MS = 65
/** And how long it may take before it is ended by force. */
const GRACE_MS = 3000
const GRACE_PER_PROBE_MS = 150
/** At SIGINT bpftrace drops what it has not read yet: this long it may take to catch up first. */
const CATCH_UP_MS = 5000
/** Assumed while bpftrace has not said how many it attached. */
const UNKNOWN_PROBES = 60

export interface BpfRunPlan {
  /** This machine, for what descriptors stand for. */
  files: MachineFiles
  /** Absolute path of bpftrace. */
  bpftrace: string
  header: Omit<BpfRunHeader, 'program'>
  job?: Job | undefined
  /** The program, once the pids it must leave out are known. */
  program(ownPids: readonly number[]): string
  listener(session: BpfSession): BpfListener
  durationS?: number | undefined
  command?: HeldCommand | undefined
  recording?: LineWriter | undefined
}

export interface BpfRun {
  readonly session: BpfSession
  /** Probes to let go of and how long that will take. */
  stopForecast(): { probes: number; seconds: number }
  /** As often as one likes: bpftrace gets one SIGINT, once it has read all events up to now. */
  stop(): void
  readonly ended: Promise<ToolResult>
}

/** Runs a program in bpftrace: the program over stdin, nothing of the user's among the arguments. */
export async function startBpftrace(plan: BpfRunPlan): Promise<BpfRun> {
  const { job, recording, command, durationS } = plan
  let session!: BpfSession
  let tool: RunningTool | undefined
  let timer: NodeJS.Timeout | undefined
  const note = (value: BpfNote) => {
    session.note(value)
    recording?.line(Buffer.from(JSON.stringify(value), 'utf8').toString('latin1'))
  }
  const interrupt = () => tool?.stop(GRACE_MS + GRACE_PER_PROBE_MS * (session.attached || UNKNOWN_PROBES))
  let stoppingAtMs: number | undefined
  let catchUp: NodeJS.Timeout | undefined
  const stop = () => {
    if (!session.isReady) interrupt()
    stoppingAtMs ??= Date.now()
    catchUp ??= setTimeout(interrupt, CATCH_UP_MS)
  }
  const begin = () => {
    command?.release()
    if (durationS !== undefined && timer === undefined) timer = setTimeout(stop, durationS * 1000)
  }
  const listening = (followed: BpfSession): BpfListener => {
    const listener = plan.listener(followed)
    return {
      ...listener,
      ready(timeNs) {
        note({ linsight: 'clock', offsetNs: clockOffset(timeNs) })
        begin()
        listener.ready?.(timeNs)
      },
      beat(timeNs) {
        if (stoppingAtMs !== undefined && (session.wallMs(timeNs) ?? Infinity) > stoppingAtMs) interrupt()
      },
      tick(timeNs) {
        if (job?.shape === 'counts' && job.keys.some(key => key.key === 'fd')) resolveFiles(session, plan.files, note)
        recording?.flush()
        listener.tick?.(timeNs)
      },
    }
  }
  tool = await startTool({
    file: plan.bpftrace,
    args: ['-f', 'json', '-'],
    env: bpftraceEnv(plan.header.stringBytes),
    stdin: {
      text(pid) {
        const program = plan.program([process.pid, pid])
        const header: BpfRunHeader = { ...plan.header, program }
        recording?.line(Buffer.from(JSON.stringify(header), 'utf8').toString('latin1'))
        session = followRun(header, job, listening)
        return program
      },
    },
    onLine(line) {
      session.line(line)
      // After the notes it gives rise to, so that a replay knows them when it comes to the line.
      recording?.line(line)
      // A user's script has no clock of ours: attached is the best it says.
      if (job === undefined && session.attached > 0) begin()
    },
    onStderrLine: line => note({ linsight: 'stderr', line }),
  })
  void command?.ended.then(stop)
  const ended = tool.ended.then(async result => {
    clearTimeout(timer)
    clearTimeout(catchUp)
    if (!session.isReady) command?.end()
    const { exitCode, signal, durationMs, endedBy } = result
    note({ linsight: 'end', exitCode, signal, durationMs: Math.round(durationMs), endedBy })
    await recording?.close()
    return result
  })
  return {
    session,
    stop,
    stopForecast: () => ({ probes: session.attached, seconds: (session.attached * DETACH_MS) / 1000 }),
    ended,
  }
}

/**
 * Wall clock minus the tracer's. `nsecs` counts from boot, with or without the time asleep; where it agrees with our
 * own monotonic clock the difference is exact, otherwise as good as the record was quick.
 */
function clockOffset(timeNs: number): number {
  const nowMs = Date.now()
  const monotonicNs = Number(process.hrtime.bigint())
  const SAME_CLOCK_NS = 5e9
  return Math.round(nowMs * 1e6 - (Math.abs(monotonicNs - timeNs) < SAME_CLOCK_NS ? monotonicNs : timeNs))
}

/** Asks what the descriptors in the results stand for, while their processes still live. */
function resolveFiles(session: BpfSession, files: MachineFiles, note: (note: BpfNote) => void): void {
  const snapshot = session.snapshot()
  if (snapshot?.shape !== 'counts') return
  for (const { pid, fd, file } of snapshot.rows) {
    if (file !== undefined || typeof pid !== 'number' || typeof fd !== 'number') continue
    try {
      note({ linsight: 'file', pid, fd, path: files.readLink(`proc/${pid}/fd/${fd}`) })
    } catch {
      // Gone, or not ours to see: the row stays without a name.
    }
  }
}
