import { readFileSync } from 'node:fs'
import { parsePidStat } from '../processes/pid-stat.ts'

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const
const PASSED_ON = [...ENDING, 'SIGUSR1', 'SIGUSR2'] as const

/** Calls `use` for each signal that asks us to end, until the returned function is called. */
export function onEndingSignal(use: (signal: NodeJS.Signals) => void): () => void {
  return listen(ENDING, use)
}

/**
 * Hands every signal we get to a command in our process group, until the returned function is called. What the terminal
 * sends it sends to the whole foreground group, so those the command has already.
 */
export function passSignalsOn(send: (signal: NodeJS.Signals) => void): () => void {
  return listen(PASSED_ON, signal => {
    const byKey = signal === 'SIGINT' || signal === 'SIGQUIT'
    if (!(byKey && inForeground())) send(signal)
  })
}

function listen(names: readonly NodeJS.Signals[], use: (signal: NodeJS.Signals) => void): () => void {
  for (const name of names) process.on(name, use)
  return () => {
    for (const name of names) process.removeListener(name, use)
  }
}

/** Whether our process group is the one that the keys of a terminal signal. */
function inForeground(): boolean {
  const stat = parsePidStat(readFileSync('/proc/self/stat'))
  return stat !== undefined && stat.terminal !== 0 && stat.processGroup === stat.foregroundGroup
}
