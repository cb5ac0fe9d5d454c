import { detachForecast, startBpftrace, type BpfRunPlan } from '../run/start-bpftrace.ts'
import { shellStatus } from '../../children/child-tool.ts'
import type { HeldCommand } from '../../children/hold-command.ts'
import type { BpfSession } from '../model.ts'
import type { BpfView } from '../show/subject.ts'
import { asyncStdout, type AsyncStdout } from '../../cli/async-stdout.ts'

/** Exit status after SIGTERM and SIGHUP. Ctrl-C is the usual end of a trace and no failure. */
const STATUS: Partial<Record<NodeJS.Signals, number>> = { SIGTERM: 143, SIGHUP: 129 }
/** A shorter wait needs no explanation. */
const ANNOUNCED_WAIT_S = 0.5

export interface LiveRun {
  session: BpfSession
  out: AsyncStdout
}

/** Aborts at SIGINT, SIGTERM and SIGHUP, as often as they come, and sets the exit status that belongs to them. */
export function stopAtSignals(stopping: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      process.exitCode = STATUS[signal] ?? process.exitCode
      stopping.abort()
    })
  }
}

/** The exit status of a command that has ended, as a shell would report it; nothing where it was still running. */
export async function commandStatus(command: HeldCommand | undefined): Promise<number | undefined> {
  const end = await Promise.race([command?.ended, new Promise<undefined>(resolve => setImmediate(resolve, undefined))])
  // Ctrl-C reaches the command, too, and is the usual end of a trace.
  return end === undefined || end.signal === 'SIGINT' ? undefined : shellStatus(end)
}

/** Runs a plan to its end and shows it on stdout. */
export async function runLive(
  plan: Omit<BpfRunPlan, 'onEvent' | 'stop'>,
  view: BpfView,
  log: (text: string) => void,
): Promise<LiveRun> {
  const stopping = new AbortController()
  const out = asyncStdout(() => stopping.abort())
  const { session, ended } = await startBpftrace({
    ...plan,
    stop: stopping.signal,
    onEvent: (event, run) => out.write(view.event(event, run)),
  })
  stopAtSignals(stopping)
  stopping.signal.addEventListener('abort', () => {
    const { probes, seconds } = detachForecast(session)
    if (seconds >= ANNOUNCED_WAIT_S) log(`detaching ${probes} probes, ~${Math.ceil(seconds)} s`)
  })
  await ended
  out.write(view.end(session))
  await out.end()
  return { session, out }
}
