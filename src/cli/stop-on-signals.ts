import { constants } from 'node:os'

/** How a command that runs until it is told to stop learns of it. */
export interface StopRequest {
  /** Waits so long, or until the stop is asked for; whether it is. */
  within(ms: number): Promise<boolean>
}

/**
 * Takes the first SIGINT or SIGTERM as the wish to finish: the command ends its output and the exit status is
 * 128 + the signal. A second one ends the process at once.
 */
export function stopOnSignals(): StopRequest {
  let wake: (() => void) | undefined
  let stopped = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.exitCode = 128 + constants.signals[signal]
      stopped = true
      wake?.()
    })
  }
  return {
    within: ms =>
      new Promise(resolve => {
        if (stopped) return resolve(true)
        const timer = setTimeout(() => resolve(stopped), ms)
        wake = () => {
          clearTimeout(timer)
          resolve(true)
        }
      }),
  }
}
