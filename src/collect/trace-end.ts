import { shellStatus } from '../source/child-tool.ts'
import type { ProcSource } from '../source/proc-source.ts'
import { onEndingSignal } from '../source/signals.ts'
import type { TracedCommand } from '../source/traced-command.ts'
import { readProcess } from './trace-target.ts'

/** How often we look whether the processes we are attached to are still there. */
const LOOK_EACH_MS = 100

export interface EndConditions {
  /** Settles when the command has ended, or the tracer; tracing ends with it. */
  until: readonly Promise<unknown>[]
  /** Ends when none of these runs any more. */
  pids?: readonly number[] | undefined
  durationMs?: number | undefined
  abort: AbortSignal
  /** Ctrl-C and its kin end the tracing; not so with a command, which gets them itself. */
  endOnSignal: boolean
}

/** Waits for the first of the conditions; resolves with the signal where it was one. */
export async function waitForEnd(proc: ProcSource, conditions: EndConditions): Promise<NodeJS.Signals | undefined> {
  const { until, pids = [], durationMs, abort, endOnSignal } = conditions
  const undo: (() => void)[] = []
  try {
    return await new Promise(resolve => {
      const end = () => resolve(undefined)
      for (const promise of until) void promise.then(end, end)
      if (durationMs !== undefined) {
        const timer = setTimeout(end, durationMs)
        undo.push(() => clearTimeout(timer))
      }
      if (pids.length > 0) {
        const timer = setInterval(() => {
          if (pids.every(pid => readProcess(proc, pid) === undefined)) end()
        }, LOOK_EACH_MS)
        undo.push(() => clearInterval(timer))
      }
      if (abort.aborted) end()
      abort.addEventListener('abort', end)
      undo.push(() => abort.removeEventListener('abort', end))
      if (endOnSignal) undo.push(onEndingSignal(resolve))
    })
  } finally {
    for (const undoOne of undo) undoOne()
  }
}

/** Our own exit status: that of the command, or 128 + n where signal n ended the attachment. */
export async function commandStatus(
  command: TracedCommand | undefined,
  signal: NodeJS.Signals | undefined,
): Promise<number> {
  return shellStatus(command === undefined ? { exitCode: 0, signal } : await command.ended)
}

export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** Waits for something that only looking shows. */
export async function pollUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5)
}
