import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'

import { TRACEFS_FOLDERS } from '../../../children/tracefs.ts'
import { errnoOf, optional } from '../../../errors.ts'
import { parsePidStat } from '../../../processes/pid-stat.ts'
import { parseEventFormat, type EventFormat } from './event-format.ts'
import type { EventName, WantedEvent } from './events.ts'

/** Memory of all ring buffers together, and of one. */
const BUFFERS_KB = 16 * 1024
const MOST_KB = 1024
const LEAST_KB = 64

/** A page of a ring buffer; the kernel may be told to make larger ones. */
const PAGE_BYTES = 64 * 1024

/** Pages that are read of one processor in a round. */
const MOST_PAGES = 1024

/** `linsight-PID-START`: who made it, told apart from a later process with that pid. */
const NAME = /^linsight-(\d+)-(\d+)$/

/** An instance of tracefs: buffers and switches of our own, beside those of others. */
export interface TracingInstance {
  formats: ReadonlyMap<EventName, EventFormat>
  /** Records that have come, page by page. */
  read(visit: (page: Buffer) => void): void
  /** Records that were lost because the buffers were full. */
  lost(): number
  /** The name of a task that is gone, where the kernel kept it. */
  nameOf: (tid: number) => string | undefined
  /** Takes it away; may be called again. */
  remove(): void
}

/**
 * Makes an instance that records these events, and takes away what earlier runs left that were killed. Throws where
 * tracefs is not there, or does not let us.
 *
 * Source: Documentation/trace/ftrace.rst, "Instances".
 */
export function makeInstance(events: readonly WantedEvent[]): TracingInstance {
  const root = TRACEFS_FOLDERS.find(folder => optional(() => readdirSync(`${folder}/instances`)) !== undefined)
  if (root === undefined) throw new Error('tracefs is not mounted, or this user may not enter it')
  removeStale(root)
  const folder = `${root}/instances/linsight-${process.pid}-${startOf(process.pid) ?? 0}`
  mkdirSync(folder)
  const pipes: number[] = []
  let isGone = false
  const remove = () => {
    if (isGone) return
    isGone = true
    process.removeListener('exit', remove)
    for (const pipe of pipes) optional(() => closeSync(pipe))
    optional(() => writeFileSync(`${folder}/events/enable`, '0'))
    optional(() => rmdirSync(folder))
  }
  process.once('exit', remove)
  try {
    const processors = readdirSync(`${folder}/per_cpu`)
    const kb = Math.max(LEAST_KB, Math.min(MOST_KB, Math.floor(BUFFERS_KB / processors.length)))
    writeFileSync(`${folder}/buffer_size_kb`, String(kb))
    // What comes when it is full is counted as lost, and what came stays in order.
    optional(() => writeFileSync(`${folder}/options/overwrite`, '0'))
    writeFileSync(`${folder}/trace_clock`, 'mono')
    const formats = new Map<EventName, EventFormat>()
    for (const { name, filter, optional: mayLack } of events) {
      const at = `${folder}/events/${name}`
      const format = optional(() => parseEventFormat(readFileSync(`${at}/format`, 'latin1')))
      if (format === undefined) {
        if (mayLack) continue
        throw new Error(`this kernel has no tracepoint ${name.replace('/', ':')}`)
      }
      if (filter !== undefined) writeFileSync(`${at}/filter`, filter)
      formats.set(name, format)
    }
    for (const processor of processors)
      pipes.push(openSync(`${folder}/per_cpu/${processor}/trace_pipe_raw`, constants.O_RDONLY | constants.O_NONBLOCK))
    for (const name of formats.keys()) writeFileSync(`${folder}/events/${name}/enable`, '1')
    return { formats, read: visit => readPages(pipes, visit), lost: () => lostOf(folder), nameOf: names(root), remove }
  } catch (error) {
    remove()
    throw error
  }
}

const page = Buffer.alloc(PAGE_BYTES)

function readPages(pipes: readonly number[], visit: (page: Buffer) => void): void {
  for (const pipe of pipes) {
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      let bytes: number
      try {
        bytes = readSync(pipe, page, 0, PAGE_BYTES, null)
      } catch (error) {
        if (errnoOf(error) === 'EAGAIN' || errnoOf(error) === 'EINTR') break
        throw error
      }
      if (bytes === 0) break
      visit(page.subarray(0, bytes))
    }
  }
}

/** per_cpu/cpuN/stats: `dropped events: 0`. */
function lostOf(folder: string): number {
  return (optional(() => readdirSync(`${folder}/per_cpu`)) ?? []).reduce((sum, processor) => {
    const stats = optional(() => readFileSync(`${folder}/per_cpu/${processor}/stats`, 'latin1')) ?? ''
    const lost = [...stats.matchAll(/^(?:overrun|dropped events): (\d+)$/gm)]
    return lost.reduce((all, [, count]) => all + Number(count), sum)
  }, 0)
}

/** How long a reading of saved_cmdlines is good for. */
const NAMES_MS = 200

/** saved_cmdlines: `1234 python3`, of tasks that were recorded lately. */
function names(root: string): (tid: number) => string | undefined {
  let readAt = -Infinity
  let known = new Map<number, string>()
  return tid => {
    if (performance.now() - readAt > NAMES_MS) {
      const text = optional(() => readFileSync(`${root}/saved_cmdlines`, 'latin1')) ?? ''
      known = new Map([...text.matchAll(/^(\d+) (.*)$/gm)].map(([, pid, comm]) => [Number(pid), comm!]))
      readAt = performance.now()
    }
    return known.get(tid)
  }
}

/** Takes away the instances of processes that are no more: killed, they could not do it. */
function removeStale(root: string): void {
  for (const name of readdirSync(`${root}/instances`)) {
    const [, pid, start] = NAME.exec(name) ?? []
    if (pid === undefined || startOf(Number(pid)) === Number(start)) continue
    const folder = `${root}/instances/${name}`
    optional(() => writeFileSync(`${folder}/events/enable`, '0'))
    optional(() => rmdirSync(folder))
  }
}

const startOf = (pid: number) => optional(() => parsePidStat(readFileSync(`/proc/${pid}/stat`))?.startTicks)
