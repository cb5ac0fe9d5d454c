import { groupBy } from '../../../group-by.ts'
import { SYSCALL_EXITS, over } from '../../accuse.ts'
import type { Finding } from '../../model.ts'
import type { ObservedProcess } from '../../observed/task.ts'
import type { Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { crowded, fight, starved, type LockCaller } from './lock-waiters.ts'
import { FREE, sum, undisturbed } from './rates.ts'

/** Where others compete for the processor, who holds a lock is kept from it now and then, and all wait in silence. */
const unevenRate = (steady: number, all: number) => (steady >= THRESHOLDS.futex.value / 5 ? all : steady)

/** Of the futex calls of a fight every other one waits for the lock; a pool that hands work on waits for a condition. */
const LOCK_SHARE = 0.35

/** Whether a process asks for locks, and not to be told that there is work; true where only the calls were counted. */
function wantsLocks({ seen: { trace } }: Scene, pid: number): boolean {
  return trace?.lockWaits === undefined || sum(trace.lockWaits[pid]) >= sum(trace.futexCalls[pid]) * LOCK_SHARE
}

export function contention(scene: Scene): Finding[] {
  const asking = scene
    .steadyRates(scene.seen.trace?.futexCalls)
    .filter(({ process: { pid } }) => wantsLocks(scene, pid))
  const callers = asking.map(({ process, rate, all }): LockCaller => {
    // Who waits for a time on a condition wakes up by it, and fights with nobody.
    const expired = sum(scene.seen.trace?.futexTimeouts?.[process.pid]) / (scene.tracedSeconds ?? Infinity)
    return {
      process,
      rate: undisturbed(process, unevenRate(rate, all) - 2 * expired),
      threads: process.b?.threads ?? 1,
    }
  })
  const threaded = callers
    .filter(({ process, rate, threads }) => threads > 1 && scene.isOften(process, rate, limitOf(scene)))
    .map(({ process, rate, threads }) =>
      contentionOf(scene, [process], rate, `its ${threads} threads wait for each other`),
    )
  // A lock in shared memory: a process of one thread has no other reason to ask the kernel for it.
  const alone = callers.filter(({ threads }) => threads < 2)
  const shared = [...groupBy(alone, ({ process }) => process.comm).values()].flatMap(group => {
    const rate = group.reduce((sum, one) => sum + one.rate, 0)
    if (group.length < 2 || rate < limitOf(scene)) return []
    const processes = group.toSorted((a, b) => b.rate - a.rate).map(({ process }) => process)
    return [contentionOf(scene, processes, rate, `${group.length} processes share it and wait for each other`)]
  })
  const told = new Set([...threaded, ...shared].flatMap(({ culprits }) => culprits.map(({ pid }) => pid)))
  return [
    ...threaded,
    ...shared,
    ...[...crowded(scene, callers), ...starved(scene)].filter(({ culprit }) => !told.has(culprit?.pid)),
  ]
}

/** Fewer calls are enough where they are known to be for locks. */
const limitOf = ({ seen: { trace } }: Scene) => THRESHOLDS[trace?.lockWaits === undefined ? 'futex' : 'locks'].value

function contentionOf(scene: Scene, processes: readonly ObservedProcess[], rate: number, who: string): Finding {
  const limit = scene.seen.trace?.lockWaits === undefined ? 'futex' : 'locks'
  return fight(scene, processes, who, rate, [over(limit, `futex calls a second${FREE}`, rate, SYSCALL_EXITS)])
}
