import { readFileSync, readlinkSync } from 'node:fs'
import { endianness, machine } from 'node:os'
import { optional } from '../../../errors.ts'
import { parsePidStat } from '../../../processes/pid-stat.ts'
import type { Cause } from '../../causes.ts'
import { PRINT_EVERY_MS } from '../counted-totals.ts'
import type { RunningTracer } from '../tracer.ts'
import { eventCounter, type Task } from './event-counter.ts'
import { callNumbers, wantedEvents } from './events.ts'
import { makeInstance } from './instance.ts'
import { forEachEvent } from './ring-page.ts'

/** How often the buffers are read: some ten thousand records have room in that time. */
const READ_EVERY_MS = 100

/** What takes arguments of system calls, which records of tracefs do not hold: addresses, paths, what was received. */
export const WITHOUT_ARGUMENTS: readonly Cause[] = [
  'port-taken',
  'inherited-listener',
  'port-in-time-wait',
  'local-ports-exhausted',
  'dns-nxdomain',
]

/**
 * Counts system calls in an instance of tracefs of our own, which needs no other program. Pids are those of the whole
 * machine. Throws where that is not possible.
 */
export function startTracefs(): RunningTracer {
  if (endianness() !== 'LE') throw new Error('records of tracefs are read on little-endian machines only')
  const calls = callNumbers(machine())
  if (calls.futex === undefined) throw new Error(`system calls of ${machine()} are not known`)
  const instance = makeInstance(wantedEvents(calls))
  const startedAt = performance.now()
  const elapsed = () => performance.now() - startedAt
  const counter = eventCounter({
    machine: machine(),
    formats: instance.formats,
    find: findTask,
    nameOf: instance.nameOf,
    step: () => Math.floor(elapsed() / PRINT_EVERY_MS),
  })
  let failure: string | undefined
  const read = () => {
    try {
      instance.read(page => forEachEvent(page, (at, end, ns) => counter.take(page, at, end, ns)))
      counter.settle()
    } catch (error) {
      failure = (error as Error).message
      clearInterval(timer)
    }
  }
  const timer = setInterval(read, READ_EVERY_MS).unref()
  return {
    pid: process.pid,
    attached: Promise.resolve(true),
    nextTotals: () => new Promise(resolve => setTimeout(resolve, PRINT_EVERY_MS)),
    durationMs: () => (failure === undefined ? elapsed() : undefined),
    trace() {
      read()
      return failure === undefined ? counter.trace(elapsed()) : undefined
    },
    failure: () => failure,
    lost: () => instance.lost(),
    end() {
      clearInterval(timer)
      instance.remove()
    },
  }
}

/** Who runs as a task now. */
function findTask(tid: number): Task | undefined {
  return optional(() => {
    const group = /^Tgid:\s+(\d+)$/m.exec(readFileSync(`/proc/${tid}/status`, 'latin1'))?.[1]
    const pid = Number(group ?? tid)
    const stat = parsePidStat(readFileSync(`/proc/${pid}/stat`))
    if (stat === undefined) return undefined
    const parent = optional(() => parsePidStat(readFileSync(`/proc/${stat.parentPid}/stat`)))
    return {
      pid,
      comm: stat.comm,
      parentPid: stat.parentPid,
      parentComm: parent?.comm ?? '',
      netns: optional(() => readlinkSync(`/proc/${pid}/ns/net`)) ?? '',
    }
  })
}
