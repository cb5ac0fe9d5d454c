import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { SHARE_ENV, Worker, type WorkerOptions } from 'node:worker_threads'
import { optional } from '../errors.ts'

/**
 * Starts a thread that helps with what its starter can also do alone: an error in it, or a machine that allows no
 * thread, is not an error of the program. `program` is the text of a module bundled with all it imports, which
 * scripts/build.mjs puts in place of a constant (see its THREADS); undefined where the sources run unbuilt.
 */
export function startThread(
  program: string | undefined,
  options: Pick<WorkerOptions, 'workerData' | 'transferList' | 'resourceLimits'>,
): Worker | undefined {
  if (program === undefined) return undefined
  try {
    const worker = new Worker(program, { ...options, eval: true, env: SHARE_ENV })
    worker.on('error', () => {})
    worker.unref()
    return worker
  } catch {
    return undefined
  }
}

/**
 * Whether a second thread would find a processor at this moment: fewer tasks want to run, ours among them, than there
 * are processors. False where that is not known. `loadavg`: the text of /proc/loadavg, `0.52 0.58 0.59 1/316 27104`.
 */
export function isProcessorFree(
  loadavg = optional(() => readFileSync('/proc/loadavg', 'latin1')),
  processors = availableParallelism(),
): boolean {
  const runnable = / (\d+)\/\d+ /.exec(loadavg ?? '')?.[1]
  return runnable !== undefined && Number(runnable) < processors
}
