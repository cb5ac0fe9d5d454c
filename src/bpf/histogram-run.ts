import { UsageError } from '../errors.ts'
import { buildProgram, bpftraceEnv, STRING_BYTES } from './jobs/build.ts'
import { findJob, JOBS } from './jobs/catalog.ts'
import type { HistogramJob } from './jobs/job.ts'
import { cellText } from './show/cell.ts'
import { chooseBackend } from './run/backend.ts'
import { bpfFailure } from './run/failure.ts'
import type { Bucket } from './run/output/message.ts'
import { prepareJob } from './run/prepare-job.ts'
import { startBpftrace } from './run/start-bpftrace.ts'

/** What a job of histograms has counted since it started. */
export interface JobHistogram {
  /** The disk, system call …, safe on a terminal; '' of a job that does not tell any apart. */
  key: string
  /** In microseconds. */
  buckets: readonly Bucket[]
}

/** A job of histograms that runs until it is told to stop. */
export interface HistogramRun {
  /** All probes are attached. */
  readonly isReady: boolean
  histograms(): JobHistogram[]
  /** When it has ended: why, in one sentence, where nobody asked for it. */
  readonly ended: Promise<string | undefined>
}

/** Names of the jobs that count into histograms of microseconds. */
export const histogramJobs = (): string[] => JOBS.filter(isHistogramJob).map(({ name }) => name)

const isHistogramJob = (job: { shape: string; unit?: string }): job is HistogramJob =>
  job.shape === 'histogram' && job.unit === 'usecs'

/** Throws a UsageError where a name is not that of such a job. */
export function checkHistogramJob(name: string): void {
  const job = findJob(name)
  if (job !== undefined && isHistogramJob(job)) return
  const hint = `jobs with histograms are ${histogramJobs().join(', ')}`
  throw new UsageError(job === undefined ? `there is no job ${name}` : `the job ${name} makes no histogram`, { hint })
}

/** Starts a job in bpftrace. Throws where it cannot run here. */
export async function startHistogramRun(name: string, intervalMs: number, stop: AbortSignal): Promise<HistogramRun> {
  const { job, filter, programContext, context, header } = prepareJob(name, { interval: intervalMs })
  if (!isHistogramJob(job)) throw new UsageError(`the job ${name} makes no histogram`)
  const backend = await chooseBackend(job, 'bpftrace', programContext([], filter), context)
  if (backend.kind !== 'bpftrace') throw new UsageError(`the job ${name} needs bpftrace`)
  const { session, ended } = await startBpftrace({
    files: context.files,
    bpftrace: backend.path,
    header: header(backend, filter),
    env: bpftraceEnv(job.stringBytes ?? STRING_BYTES),
    job,
    program: ownPids => buildProgram(job, programContext(ownPids, filter)),
    onEvent() {},
    stop,
  })
  const cells = { wallMs: () => undefined, machine: session.header.machine, clock: () => '' }
  return {
    get isReady() {
      return session.isReady && session.end === undefined
    },
    histograms() {
      const snapshot = session.snapshot()
      if (snapshot?.shape !== 'histogram') return []
      return snapshot.histograms.map(({ key, buckets }) => ({
        key: key === undefined || job.key === undefined ? '' : cellText(job.key, key, cells),
        buckets,
      }))
    },
    ended: ended.then(({ exitCode, signal }) => {
      if (stop.aborted) return undefined
      const failure = bpfFailure(session, context.checks)
      return failure?.message ?? `bpftrace ended with ${signal ?? exitCode ?? 'no status'}`
    }),
  }
}
