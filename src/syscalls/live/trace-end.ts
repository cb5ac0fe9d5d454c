import { shellStatus } from '../../children/child-tool.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { TracedCommand } from '../../children/hold-command.ts'
import { readProcess } from './target.ts'

/** How often we look whether the processes we are attached to are still there. */
const LOOK_EACH_MS = 100

export interface EndConditions {
  /** Settles when the command has ended, or the tracer; tracing ends with it. */
  until: readonly Promise<unknown>[]
  /** Ends when none of these runs any more. */
  pids?: readonly number[] | undefined
  durationMs?: number | undefined
  abort: AbortSignal
}

/** Waits for the first of the conditions. */
export async function waitForEnd(proc: ProcSource, conditions: EndConditions): Promise<void> {
  const { until, pids = [], durationMs, abort } = conditions
  const undo: (() => void)[] = []
  try {
    await new Promise<void>(end => {
      for (const promise of until)
        void promise.then(
          () => end(),
          () => end(),
        )
      if (durationMs !== undefined) {
        const timer = setTimeout(() => end(), durationMs)
        undo.push(() => clearTimeout(timer))
      }
      if (pids.length > 0) {
        const timer = setInterval(() => {
          if (pids.every(pid => readProcess(proc, pid) === undefined)) end()
        }, LOOK_EACH_MS)
        undo.push(() => clearInterval(timer))
      }
      if (abort.aborted) end()
      const onAbort = () => end()
      abort.addEventListener('abort', onAbort)
      undo.push(() => abort.removeEventListener('abort', onAbort))
    })
  } finally {
    for (const undoOne of undo) undoOne()
  }
}

/** The exit status of the command, once it has ended; 0 for an attachment. */
export async function commandStatus(command: TracedCommand | undefined): Promise<number> {
  return command === undefined ? 0 : shellStatus(await command.ended)
}

/** Whether the promise settles in time; leaves no timer behind that would keep us running. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>(resolve => (timer = setTimeout(() => resolve(false), ms)))
  const settled = promise.then(
    () => true,
    () => true,
  )
  return Promise.race([settled, late]).finally(() => clearTimeout(timer))
}

/** Waits for something that only looking shows. */
export async function pollUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5))
}
