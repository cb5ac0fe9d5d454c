import { setTimeout as sleep } from 'node:timers/promises'
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

/** A signal that comes while Node shuts down kills it, though it was listened to. Whoever presses Ctrl-C in a row does so faster. */
const QUIET_MS = 150

/**
 * Aborts at SIGINT, SIGTERM and SIGHUP, as often as they come, and sets the exit status that belongs to them. To be
 * awaited at the end: resolves when the last of them is some time ago.
 */
export function stopAtSignals(stopping: AbortController): () => Promise<void> {
  let lastAt = -Infinity
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      lastAt = performance.now()
      process.exitCode = STATUS[signal] ?? process.exitCode
      stopping.abort()
    })
  }
  const quietInMs = () => lastAt + QUIET_MS - performance.now()
  return async () => {
    while (quietInMs() > 0) await sleep(quietInMs())
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
  const signalsAreOver = stopAtSignals(stopping)
  stopping.signal.addEventListener('abort', () => {
    const { probes, seconds } = detachForecast(session)
    if (seconds >= ANNOUNCED_WAIT_S) log(`detaching ${probes} probes, ~${Math.ceil(seconds)} s`)
  })
  await ended
  out.write(view.end(session))
  await out.end()
  await signalsAreOver()
  return { session, out }
}
