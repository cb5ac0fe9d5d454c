import { readFileSync } from 'node:fs'

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

/** Whether our process group is the one that the keys of a terminal signal. Source: proc_pid_stat(5), fields 5, 7, 8. */
function inForeground(): boolean {
  const stat = readFileSync('/proc/self/stat', 'latin1')
  const [, , processGroup, , terminal, foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return terminal !== '0' && processGroup === foregroundGroup
}
