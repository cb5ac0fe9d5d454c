import { groupBy } from '../../../group-by.ts'
import { SYSCALL_EXITS, accuse, over } from '../../accuse.ts'
import type { Finding } from '../../model.ts'
import type { ObservedProcess } from '../../observed/task.ts'
import type { Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { FREE, sum, undisturbed } from './rates.ts'

/** Where others compete for the processor, who holds a lock is kept from it now and then, and all wait in silence. */
const unevenRate = (steady: number, all: number) => (steady >= THRESHOLDS.futex.value / 5 ? all : steady)

export function contention(scene: Scene): Finding[] {
  const callers = scene.steadyRates(scene.seen.trace?.futexCalls).map(({ process, rate, all }) => {
    // Who waits for a time on a condition wakes up by it, and fights with nobody.
    const expired = sum(scene.seen.trace?.futexTimeouts?.[process.pid]) / (scene.tracedSeconds ?? Infinity)
    return {
      process,
      rate: undisturbed(process, unevenRate(rate, all) - 2 * expired),
      threads: process.b?.threads ?? 1,
    }
  })
  const threaded = callers
    .filter(({ process, rate, threads }) => threads > 1 && scene.isOften(process, rate, THRESHOLDS.futex.value))
    .map(({ process, rate, threads }) =>
      contentionOf(scene, [process], rate, `its ${threads} threads wait for each other`),
    )
  // A lock in shared memory: a process of one thread has no other reason to ask the kernel for it.
  const alone = callers.filter(({ threads }) => threads < 2)
  const shared = [...groupBy(alone, ({ process }) => process.comm).values()].flatMap(group => {
    const rate = group.reduce((sum, one) => sum + one.rate, 0)
    if (group.length < 2 || rate < THRESHOLDS.futex.value) return []
    const processes = group.toSorted((a, b) => b.rate - a.rate).map(({ process }) => process)
    return [contentionOf(scene, processes, rate, `${group.length} processes share it and wait for each other`)]
  })
  return [...threaded, ...shared]
}

function contentionOf(scene: Scene, processes: readonly ObservedProcess[], rate: number, who: string): Finding {
  return accuse('lock-contention', 'warning', `fights for a lock: ${who}`, {
    culprits: processes.map(({ pid }) => scene.named(pid)),
    measures: [over('futex', `futex calls a second${FREE}`, rate, SYSCALL_EXITS)],
    do: ['look at what the stacks of its threads share; hold the lock shorter, or split it'],
    not: ['more threads: they make it slower'],
    more: `linsight bpf run offcputime --pid ${processes[0]!.pid}`,
    reach: Math.round(rate),
  })
}
