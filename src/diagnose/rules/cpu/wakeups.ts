import { callAdvice } from '../call-advice.ts'
import { accuse, over } from '../../accuse.ts'
import type { Finding } from '../../model.ts'
import type { ObservedProcess } from '../../observed/task.ts'
import type { Halves } from '../../observed/traced.ts'
import type { Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { FREE, rise, undisturbed } from './rates.ts'

/** A wake-up by a timer reads eight bytes: how often it expired. */
const TIMER_BYTES = 8

/** How often a second a process is woken up by a time it sleeps for, a timer, or the limit of a poll. */
function timerRate(scene: Scene, process: ObservedProcess): number {
  const { sleepsIn = [], hasTimer = false, wakeups: rate = 0 } = process
  const calls = rise(process, 'readCalls') ?? 0
  const bytes = rise(process, 'readChars') ?? 0
  const moved = bytes + (rise(process, 'writtenChars') ?? 0)
  const { trace } = scene.seen
  const steady = (halves: Halves | undefined) => (halves === undefined ? 0 : Math.min(rate, scene.steady(halves)))
  const polls = steady(trace?.emptyPolls[process.pid])
  if (hasTimer && calls >= (rate * scene.seconds) / 4 && bytes <= calls * (TIMER_BYTES + 2)) return rate
  // Who moves data in between does its work in small pieces.
  if (moved > rate * scene.seconds * TIMER_BYTES * 2) return polls
  // Signals of a timer.
  if (sleepsIn.filter(channel => /sigtimedwait|sigsuspend|pause/.test(channel)).length * 2 > sleepsIn.length)
    return rate
  if (trace !== undefined)
    return Math.max(polls, steady(trace.sleeps?.[process.pid]), steady(trace.futexTimeouts?.[process.pid]))
  return sleepsIn.filter(channel => /nanosleep/.test(channel)).length * 2 > sleepsIn.length ? rate : 0
}

export function wakeups(scene: Scene): Finding[] {
  return scene.processes.flatMap(process => {
    const rate = timerRate(scene, process)
    const alone = undisturbed(process, rate)
    if (alone < THRESHOLDS.wakeups.value) return []
    return [
      accuse('wakeup-storm', 'warning', 'wakes up by a timer thousands of times a second', {
        culprits: [scene.named(process.pid)],
        measures: [over('wakeups', `wake-ups a second${FREE}`, alone, 'voluntary_ctxt_switches of PID/status')],
        do: ['a longer interval, or wait for the event instead of the time'],
        more: `trace-syscalls -p ${process.pid}`,
        reach: Math.round(rate),
      }),
    ]
  })
}

export function forkStorm(scene: Scene): Finding[] {
  return scene.steadyRates(scene.seen.trace?.forks).flatMap(({ process, rate }) => {
    const { pid } = process
    const alone = undisturbed(process, rate)
    if (alone < THRESHOLDS.forks.value) return []
    return [
      accuse('fork-storm', 'warning', 'starts processes at a high rate', {
        culprits: [scene.named(pid)],
        measures: [over('forks', `processes started a second${FREE}`, alone, 'tracepoint task:task_newtask')],
        do: callAdvice(scene, process, 'fork-storm'),
        more: 'linsight bpf run execsnoop',
        reach: Math.round(rate),
      }),
    ]
  })
}
