import { SYSCALL_EXITS, accuse, over } from '../../accuse.ts'
import type { Finding } from '../../model.ts'
import type { ObservedProcess } from '../../observed/task.ts'
import type { Halves } from '../../observed/traced.ts'
import type { Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { callAdvice } from '../call-advice.ts'
import { sum } from './rates.ts'

const READS = [
  'read',
  'readv',
  'pread64',
  'recvfrom',
  'recvmsg',
  'recvmmsg',
  'accept',
  'accept4',
  'write',
  'sendto',
  'sendmsg',
  'writev',
  'sendmmsg',
  'flock',
  'fcntl',
  'mq_timedreceive',
  'mq_timedsend',
  'semop',
  'semtimedop',
]

/** Calls in vain for each poll that had something to say, from which on it does not wait for being told. */
const LOOP = 4

export function busyPoll(scene: Scene): Finding[] {
  const again = new Map(scene.failed(READS, ['EAGAIN']).map(({ pid, halves }) => [pid, halves]))
  const empty = scene.seen.trace?.emptyPolls ?? {}
  const both: Record<string, Halves> = { ...empty }
  for (const [pid, [first, second]] of again) {
    const [a, b] = empty[pid] ?? [0, 0]
    both[pid] = [a + first, b + second]
  }
  return scene.steadyRates(both).flatMap(({ process, rate }) => {
    if (!scene.isOften(process, rate, THRESHOLDS.busyPoll.value)) return []
    const { pid } = process
    const refused = sum(again.get(pid))
    const polls = sum(empty[pid])
    if (polls > refused && sleepsInPolls(scene, process)) return []
    // An event loop reads until there is nothing more: once for each time that it was told of something.
    if (refused + polls < sum(scene.seen.trace?.readyPolls?.[pid]) * LOOP) return []
    const words = refused > polls ? 'asks again and again whether there is something to read' : 'polls without waiting'
    return [
      accuse('busy-poll', 'warning', words, {
        culprits: [scene.named(pid)],
        measures: [
          over('busyPoll', 'calls a second that had nothing to give', rate, SYSCALL_EXITS),
          { what: 'EAGAIN', value: refused, source: SYSCALL_EXITS },
          { what: 'polls that returned at once with nothing', value: polls, source: SYSCALL_EXITS },
        ],
        do: callAdvice(scene, process, 'eagain-spin', 'poll-spin'),
        more: `trace-syscalls -p ${pid}`,
        reach: Math.round(rate),
      }),
    ]
  })
}

/** Polls that end without anything, of a process that slept in them. */
const sleepsInPolls = (scene: Scene, process: ObservedProcess) =>
  (process.wakeups ?? 0) >= scene.steady(scene.seen.trace?.emptyPolls[process.pid] ?? [0, 0]) / 2

/** Files not found for each that was, from which on it is a search in vain. */
const MOSTLY_MISSING = 3

export function notFound(scene: Scene): Finding[] {
  const missing = scene.seen.trace?.notFound ?? []
  const paths = new Map(missing.map(one => [one.pid, one.paths]))
  const counts = Object.fromEntries(missing.map(({ pid, halves }) => [pid, halves]))
  return scene.steadyRates(counts).flatMap(({ process, rate }) => {
    const { pid } = process
    // Who unpacks or installs looks for many files that are not there yet, and makes them.
    const found = sum(scene.seen.trace?.found?.[pid])
    if (rate < THRESHOLDS.notFound.value || sum(counts[pid]) < found * MOSTLY_MISSING) return []
    const [example] = paths.get(pid) ?? []
    return [
      accuse(
        'enoent-storm',
        'warning',
        `looks for files that do not exist${example === undefined ? '' : `, as ${example}`}`,
        {
          culprits: [scene.named(pid)],
          measures: [over('notFound', 'files not found a second', rate, SYSCALL_EXITS)],
          do: [...callAdvice(scene, process, 'enoent-storm'), 'cache what was not found'],
          more: `trace-syscalls -p ${pid}`,
          reach: Math.round(rate),
        },
      ),
    ]
  })
}
