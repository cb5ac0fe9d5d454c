import { UsageError } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Document, Origin } from '../../terminal/json.ts'
import { diagnose } from '../conclude.ts'
import { lookLive } from '../look/look-live.ts'
import type { DiagnosisReport } from '../model.ts'
import type { Observation } from '../observation.ts'
import { narrowTo, type Scope } from '../rank/narrow.ts'
import { seenOnce } from '../read-recording.ts'
import { diagnoseDocument, type DiagnoseDocument } from '../show/document.ts'

/** What a program asks of a diagnosis; `pid`, `unit`, `container` or `cgroup`: only what concerns that. */
export interface DiagnoseQuery extends Scope {
  /** How long to look at a machine that runs; 5 000 where absent, at least 2 000. */
  durationMs?: number | undefined
  /** Count system calls that fail, where this machine lets us (root; bpftrace, or tracefs for less); `true` where absent. */
  trace?: boolean | undefined
}

const DEFAULT_MS = 5000
const LEAST_MS = 2000
/** A day. */
const MOST_MS = 24 * 3_600_000

export interface DiagnoseAnswer {
  seen: Observation
  report: DiagnosisReport
  document: (origin: Pick<Origin, 'source'>) => Document<DiagnoseDocument>
}

/** Looks at the machine for some seconds; a recording of /proc is one look, and one of a diagnosis is what it saw. */
export async function answerDiagnose(
  from: ProcSource | Observation,
  query: DiagnoseQuery,
  signal?: AbortSignal,
): Promise<DiagnoseAnswer> {
  const { durationMs = DEFAULT_MS, trace = true, pid } = query
  if (!(durationMs >= LEAST_MS && durationMs <= MOST_MS))
    throw new UsageError(`durationMs is ${durationMs}, not between ${LEAST_MS} and ${MOST_MS}`)
  if (pid !== undefined && !(Number.isInteger(pid) && pid > 0)) throw new UsageError(`${pid} is no pid`)
  const scopes = (['pid', 'unit', 'container', 'cgroup'] as const).filter(name => query[name] !== undefined)
  if (scopes.length > 1) throw new UsageError(`${scopes[0]} and ${scopes[1]} do not go together`)
  const seen =
    'processes' in from
      ? from
      : from.mayChange
        ? await lookLive(from, { durationMs, tracing: trace, stop: signal }, query)
        : seenOnce(from)
  const report = narrowTo(diagnose(seen), seen, query)
  return {
    seen,
    report,
    document: ({ source }) => diagnoseDocument({ host: seen.host, takenAt: seen.takenAt, source }, report),
  }
}
