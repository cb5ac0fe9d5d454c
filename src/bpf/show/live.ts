import { startBpftrace, type BpfRunPlan } from '../run/start-bpftrace.ts'
import type { BpfSession } from '../run/session.ts'
import type { ToolResult } from '../../children/child-tool.ts'
import { bpfView, type BpfSubject, type BpfViewOptions } from './view.ts'
import { steadyOut, type SteadyOut } from '../../cli/async-stdout.ts'

/** Exit status after SIGTERM and SIGHUP; Ctrl-C is the usual end of a trace and no failure. */
const STATUS = { SIGTERM: 143, SIGHUP: 129 } as const
/** Below that nobody wonders why it does not end. */
const WORTH_SAYING_S = 0.5

export interface LiveRun {
  session: BpfSession
  result: ToolResult
  out: SteadyOut
}

/** Runs a plan to its end and shows it. Every signal that asks us to end is one SIGINT to the tracer. */
export async function showLive(
  plan: Omit<BpfRunPlan, 'listener'>,
  subject: BpfSubject,
  options: BpfViewOptions,
  say: (text: string) => void,
): Promise<LiveRun> {
  const out = steadyOut(() => run.stop())
  const view = bpfView(subject, options, out)
  const run = await startBpftrace({ ...plan, listener: session => view.listen(session) })
  let asked = false
  const stop = (signal: NodeJS.Signals) => {
    if (signal !== 'SIGINT') process.exitCode = STATUS[signal as keyof typeof STATUS]
    run.stop()
    const { probes, seconds } = run.stopForecast()
    if (!asked && seconds >= WORTH_SAYING_S) say(`detaching ${probes} probes, ~${Math.ceil(seconds)} s`)
    asked = true
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  const result = await run.ended
  view.finish(run.session)
  await out.end()
  return { session: run.session, result, out }
}
