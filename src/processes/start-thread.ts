import { SHARE_ENV, Worker, type WorkerOptions } from 'node:worker_threads'

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
