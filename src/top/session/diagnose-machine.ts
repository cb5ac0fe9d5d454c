import type { ProcSource } from '../../proc/proc-source.ts'
import type { Diagnosis } from '../model.ts'

/** As long as `linsight diagnose` looks. */
const DURATION_MS = 5000

/** What is wrong on the machine, or in a recording of it. */
export async function diagnoseMachine(source: ProcSource, stop: AbortSignal): Promise<Diagnosis> {
  // Its rules are many, and most screens never show them.
  const { answerDiagnose } = await import('../../diagnose/index.ts')
  const { report } = await answerDiagnose(source, { durationMs: DURATION_MS, trace: false }, stop)
  return {
    findings: [...report.findings, ...report.notes],
    limits: report.notLooked.map(({ what }) => what),
  }
}
