import { SYSCALL_EXITS, accuse, over } from '../../accuse.ts'
import type { Finding, Measure } from '../../model.ts'
import type { ObservedProcess } from '../../observed/task.ts'
import type { Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { circling, shareOf } from './processor-time.ts'
import { FREE } from './rates.ts'

/** A process that asks the kernel for locks. */
export interface LockCaller {
  process: ObservedProcess
  /** Futex calls a second. */
  rate: number
  threads: number
}

const WAITERS = 'PID/task/TID/syscall'

/** Fewer threads are no crowd, and fewer calls a second no traffic. */
const CROWD = 3
const CROWD_RATE = 100

/** Most threads of a process wait for the same lock in both looks, and go on getting it: who holds it is slow. */
export function crowded(scene: Scene, callers: readonly LockCaller[]): Finding[] {
  if (scene.seen.trace?.lockWaits === undefined) return []
  return callers.flatMap(({ process, rate, threads }) => {
    const { lockWaiters = 0 } = process
    if (rate < CROWD_RATE || lockWaiters < Math.max(CROWD, threads * THRESHOLDS.crowd.value)) return []
    return [
      fight(scene, [process], `${lockWaiters} of its ${threads} threads wait whenever one looks`, lockWaiters, [
        over('crowd', 'threads that wait for the same lock in both looks, of all', lockWaiters / threads, WAITERS),
        { what: `futex calls a second${FREE}`, value: rate, source: SYSCALL_EXITS },
      ]),
    ]
  })
}

/** Threads that never get a lock while others of the process use it without a pause. */
export function starved(scene: Scene): Finding[] {
  return scene.processes.flatMap(process => {
    const { lockWaiters = 0 } = process
    const hot = circling(scene, process)
    const [first] = hot
    if (lockWaiters === 0 || first === undefined) return []
    const waiting = lockWaiters === 1 ? 'a thread of it waits' : `${lockWaiters} threads of it wait`
    return [
      fight(scene, [process], `${waiting} for it all the time`, lockWaiters, [
        { what: 'threads that wait for the same lock in both looks', value: lockWaiters, source: WAITERS },
        over(
          'hog',
          `of ${hot.length} others, that run or wait for a processor`,
          shareOf(first),
          'PID/task/TID/schedstat',
        ),
      ]),
    ]
  })
}

/** The accusation, whatever shows it. */
export const fight = (
  scene: Scene,
  processes: readonly ObservedProcess[],
  who: string,
  reach: number,
  measures: readonly Measure[],
): Finding =>
  accuse('lock-contention', 'warning', `fights for a lock: ${who}`, {
    culprits: processes.map(({ pid }) => scene.named(pid)),
    measures,
    do: ['look at what the stacks of its threads share; hold the lock shorter, or split it'],
    not: ['more threads: they make it slower'],
    more: `linsight bpf run offcputime --pid ${processes[0]!.pid}`,
    reach: Math.round(reach),
  })
