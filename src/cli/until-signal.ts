import { constants } from 'node:os'

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Turns the first signal that asks us to end into `signal`, so that what was found so far can be shown; the exit status
 * is then 128+n. A second one ends the process at once; `done` gives signals their usual meaning back.
 */
export function untilSignal(): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController()
  const end = (name: NodeJS.Signals) => {
    process.exitCode = 128 + constants.signals[name]
    controller.abort()
  }
  const done = () => {
    for (const name of ENDING) process.off(name, end)
  }
  for (const name of ENDING) process.once(name, end)
  return { signal: controller.signal, done }
}
