import type { ProcSource } from '../../proc/proc-source.ts'
import type { Diagnosis } from '../model.ts'

/** As long as `linsight diagnose` looks. */
const DURATION_MS = 5000

/** What is wrong on the machine, or in a recording of it. */
export async function diagnoseMachine(source: ProcSource, stop: AbortSignal): Promise<Diagnosis> {
  // Its rules are many, and most screens never show them.
  const { describeProcess, diagnose, findAll, observe, observeOnce, pidsToDescribe } =
    await import('../../diagnose/index.ts')
  const seen =
    source.kind === 'live'
      ? await observe(source, { durationMs: DURATION_MS, tracing: false, stop })
      : observeOnce(source)
  const named = new Set(pidsToDescribe(findAll(seen)))
  for (const process of seen.processes)
    if (named.has(process.pid)) process.described = describeProcess(source, process, seen)
  const report = diagnose(seen)
  return {
    findings: [...report.findings, ...report.notes],
    atMs: source.kind === 'live' ? Date.now() : Date.parse(source.meta.takenAt ?? '') || 0,
    limits: report.notLooked.map(({ what }) => what),
  }
}
