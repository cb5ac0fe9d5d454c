import type { BpfEvent, BpfNote, BpfRunFacts, BpfRunHeader, BpfRunState, BpfSession, LeftProcess } from '../model.ts'
import type { Job } from '../jobs/job.ts'
import type { LineWriter } from '../../proc/line-file.ts'
import type { MachineFiles } from '../doctor/machine/machine-files.ts'
import { optional } from '../../errors.ts'
import { orderlyEnd } from './orderly-end.ts'
import { startTool, type RunningTool, type ToolResult } from '../../children/child-tool.ts'
import type { HeldCommand } from '../../children/hold-command.ts'
import { commandTrace, orphansOf, stillRunning } from './children-left.ts'
import { followRun } from './session.ts'

/** How long bpftrace needs to detach its probes, one after the other. Measured: 65 ms each, every version. */
const DETACH_MS = 65
/** And how long it may take before it is ended by force. */
const GRACE_MS = 3000
const GRACE_PER_PROBE_MS = 150
/** How soon the end of the traced process is noticed. */
const WATCH_MS = 500
/** Assumed while bpftrace has not said how many it attached. */
const UNKNOWN_PROBES = 60

export interface BpfRunPlan {
  /** This machine, for the names of files behind descriptors. */
  files: MachineFiles
  /** Absolute path of bpftrace. */
  bpftrace: string
  header: BpfRunFacts
  /** Settings of bpftrace. */
  env: Readonly<Record<string, string>>
  job?: Job | undefined
  /** The program, once the pids it must leave out are known. */
  program(ownPids: readonly number[]): string
  onEvent(event: BpfEvent, run: BpfRunState): void
  /** Ends the run: bpftrace gets one SIGINT, once it has reported all events up to now. */
  stop: AbortSignal
  durationMs?: number | undefined
  /** The only process that is traced: the run ends with it. */
  pid?: number | undefined
  command?: HeldCommand | undefined
  recording?: LineWriter | undefined
}

export interface BpfRun {
  readonly session: BpfSession
  readonly ended: Promise<ToolResult>
}

/** How long bpftrace will need to detach the probes of a run. */
export function detachForecast({ attached }: BpfSession): { probes: number; seconds: number } {
  const probes = attached ?? 0
  return { probes, seconds: (probes * DETACH_MS) / 1000 }
}

/** Runs a program in bpftrace: the program over stdin, nothing of the user's among the arguments. */
export async function startBpftrace(plan: BpfRunPlan): Promise<BpfRun> {
  const { job, recording, command, durationMs } = plan
  const session = followRun(plan.header, job, takeEvent)
  let tool: RunningTool | undefined
  let timer: NodeJS.Timeout | undefined
  const held = command === undefined ? undefined : commandTrace(plan.files, command.pid)
  let isEnding = false
  let endedWithCommand = false
  const ending = orderlyEnd(
    () => session.isReady,
    () => tool?.stop(GRACE_MS + GRACE_PER_PROBE_MS * (session.attached || UNKNOWN_PROBES)),
  )

  function note(value: BpfNote): void {
    session.note(value)
    recording?.line(Buffer.from(JSON.stringify(value), 'utf8').toString('latin1'))
  }

  function endRun(): void {
    isEnding = true
    ending.request()
  }

  /** A job followed what the command started; beside a script nobody did. */
  function childrenLeft(): LeftProcess[] {
    if (!endedWithCommand || held === undefined) return []
    if (job === undefined) return orphansOf(plan.files, held)
    return stillRunning(
      plan.files,
      session.family.filter(tid => tid !== held.pid),
    )
  }

  function begin(): void {
    command?.release()
    if (durationMs !== undefined) timer ??= setTimeout(endRun, durationMs)
  }

  function takeEvent(event: BpfEvent, run: BpfRunState): void {
    switch (event.type) {
      case 'ready':
        note({ linsight: 'clock', offsetNs: clockOffset(event.timeNs) })
        begin()
        break
      case 'heartbeat':
        ending.reached(run.wallMs(event.timeNs))
        break
      case 'tick':
        if (job?.shape === 'counts' && job.keys.some(key => key.key === 'fd')) resolveFiles(run, plan.files, note)
        recording?.flush()
    }
    plan.onEvent(event, run)
  }

  tool = await startTool({
    file: plan.bpftrace,
    args: ['-f', 'json', '-'],
    env: plan.env,
    stdin: {
      text(pid) {
        const program = plan.program([process.pid, pid])
        const header: BpfRunHeader = { ...plan.header, program }
        recording?.line(Buffer.from(JSON.stringify(header), 'utf8').toString('latin1'))
        plan.onEvent({ type: 'start' }, session)
        return program
      },
    },
    onLine(line) {
      session.line(line)
      // After the notes it gives rise to, so that a replay knows them when it comes to the line.
      recording?.line(line)
      // Only our clock is left of a user's script: it would run for ever and show nothing.
      if (session.attached === 0) ending.now()
    },
    onStderrLine: line => note({ linsight: 'stderr', line }),
  })
  plan.stop.addEventListener('abort', endRun)
  if (plan.stop.aborted) endRun()
  void command?.ended.then(() => {
    endedWithCommand = !isEnding
    endRun()
  })
  const watch =
    plan.pid === undefined ? undefined : setInterval(() => isGone(plan.files, plan.pid!) && endRun(), WATCH_MS)
  const ended = tool.ended.then(async result => {
    clearTimeout(timer)
    clearInterval(watch)
    ending.done()
    if (!session.isReady) command?.end()
    const processes = childrenLeft()
    if (processes.length > 0) note({ linsight: 'children-left', processes })
    const { exitCode, signal, endedBy } = result
    const { behind } = ending
    note({
      linsight: 'end',
      exitCode,
      signal,
      durationMs: Math.round(result.durationMs),
      endedBy,
      ...(behind && { behind }),
    })
    await recording?.close()
    return result
  })
  return { session, ended }
}

function isGone(files: MachineFiles, pid: number): boolean {
  return optional(() => files.readFile(`proc/${pid}/stat`)) === undefined
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

/** Reads the names of the files behind the descriptors in the results, while their processes still exist. */
function resolveFiles(run: BpfRunState, files: MachineFiles, note: (note: BpfNote) => void): void {
  const snapshot = run.snapshot()
  if (snapshot?.shape !== 'counts') return
  for (const { pid, fd, file } of snapshot.rows) {
    if (file !== undefined || typeof pid !== 'number' || typeof fd !== 'number') continue
    try {
      note({ linsight: 'file', pid, fd, path: files.readLink(`proc/${pid}/fd/${fd}`) })
    } catch {
      // Gone, or not readable for this user: the row stays without a name.
    }
  }
}
