import type { ChildProcess } from 'node:child_process'

/** Between SIGTERM and SIGKILL. */
const KILL_AFTER_MS = 1000

export interface Stopper {
  /**
   * Asks the tool to end: one SIGINT however often this is called (tracers lose their data on a second one), SIGTERM to
   * its group after `graceMs`, SIGKILL a second later. A later call can only bring the deadline nearer.
   */
  stop(graceMs: number): void
  /** SIGKILL to the whole group, now. */
  kill(): void
}

/** Who asked the tool to end, when, and how hard it had to be asked. */
export interface StopState {
  askedAt?: number
  by?: 'interrupt' | 'terminate' | 'kill'
}

const living = new Set<number>()
let isWatching = false

/** Ends the group of a child that still runs when we exit, for whatever reason but SIGKILL. */
export function endWithUs(child: ChildProcess): void {
  const pid = child.pid!
  living.add(pid)
  child.once('exit', () => living.delete(pid))
  if (!isWatching) process.once('exit', () => living.forEach(one => signalGroup(one, 'SIGKILL')))
  isWatching = true
}

/** How a child, the leader of its group, is asked to end. Notes in `stop` what it took. */
export function stopper(child: ChildProcess, interrupted: 'tool' | 'group', stop: StopState): Stopper {
  let deadline = Infinity
  let timer: NodeJS.Timeout | undefined
  const gone = () => child.exitCode !== null || child.signalCode !== null
  const tell = (by: NonNullable<StopState['by']>, signal: NodeJS.Signals, whom: 'tool' | 'group') => {
    if (gone()) return
    stop.askedAt ??= performance.now()
    stop.by = by
    if (whom === 'group') signalGroup(child.pid!, signal)
    else child.kill(signal)
  }
  const terminate = () => {
    tell('terminate', 'SIGTERM', 'group')
    timer = setTimeout(() => tell('kill', 'SIGKILL', 'group'), KILL_AFTER_MS)
  }
  child.once('exit', () => clearTimeout(timer))
  return {
    stop(graceMs) {
      if (gone()) return
      if (stop.by === undefined) tell('interrupt', 'SIGINT', interrupted)
      if (performance.now() + graceMs >= deadline) return
      deadline = performance.now() + graceMs
      clearTimeout(timer)
      timer = setTimeout(terminate, graceMs)
    },
    kill: () => tell('kill', 'SIGKILL', 'group'),
  }
}

export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // Gone already.
  }
}
