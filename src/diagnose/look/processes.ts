import { optional } from '../../errors.ts'
import { isKernelThread, parsePidStat } from '../../processes/pid-stat.ts'
import { processNames } from '../../processes/socket-owners.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { ObservedProcess, ProcessCounters } from '../observed/task.ts'

/** Every process by its pid, with its counters as `a`; the one that reads this counts too. */
export function lookAtProcesses(source: ProcSource): Map<number, ObservedProcess> {
  const processes = new Map<number, ObservedProcess>()
  for (const name of processNames(source)) {
    const process = optional(() => readProcess(source, Number(name)))
    if (process !== undefined) processes.set(process.pid, process)
  }
  return processes
}

/** Puts the counters of a later look beside those of the first; who came meanwhile is added. */
export function joinLater(processes: Map<number, ObservedProcess>, later: ReadonlyMap<number, ObservedProcess>): void {
  for (const [pid, process] of later) {
    const known = processes.get(pid)
    if (known?.startTicks === process.startTicks) {
      known.b = process.a
      known.comm = process.comm
    } else processes.set(pid, { ...process, a: undefined, b: process.a })
  }
}

export function readProcess(source: ProcSource, pid: number): ObservedProcess | undefined {
  const stat = parsePidStat(source.readFile(`${pid}/stat`))
  if (stat === undefined) return undefined
  const isKernel = isKernelThread(stat)
  const a: ProcessCounters = {
    state: stat.state,
    cpuTicks: stat.cpuTicks,
    minorFaults: stat.minorFaults,
    majorFaults: stat.majorFaults,
    threads: stat.threads,
    rssPages: stat.rssPages,
    blockIoTicks: stat.blockIoTicks,
    // A thread of the kernel moves no bytes of its own.
    ...(!isKernel && optional(() => parsePidIo(source.readFile(`${pid}/io`)))),
  }
  return {
    pid,
    startTicks: stat.startTicks,
    comm: stat.comm,
    parentPid: stat.parentPid,
    nice: stat.nice,
    isKernelThread: isKernel,
    ...(stat.terminal !== 0 && stat.foregroundGroup !== stat.processGroup && { inBackground: true }),
    a,
  }
}

/** /proc/PID/io. Source: proc_pid_io(5). Lines `rchar: 323934931`; for root, and for the owner where it may be traced. */
export function parsePidIo(bytes: Buffer): Partial<ProcessCounters> {
  const text = bytes.toString('latin1')
  const field = (name: string) => {
    const at = text.indexOf(`${name}: `)
    return at < 0 ? undefined : Number.parseInt(text.slice(at + name.length + 2), 10)
  }
  return clean({
    readChars: field('rchar'),
    writtenChars: field('wchar'),
    readCalls: field('syscr'),
    writeCalls: field('syscw'),
    readBytes: field('\nread_bytes'),
    writeBytes: field('\nwrite_bytes'),
  })
}

function clean(counters: Record<string, number | undefined>): Partial<ProcessCounters> {
  return Object.fromEntries(Object.entries(counters).filter(([, value]) => value !== undefined))
}

/** Where a task sleeps in the kernel; undefined where it does not or that is not told. */
export function waitChannel(source: ProcSource, pid: number): string | undefined {
  const text = optional(() => source.readFile(`${pid}/wchan`).toString('latin1'))
  return text === undefined || text === '' || text === '0' ? undefined : text
}

/** Threads of one process that are looked at. */
const MOST_THREADS = 1000

export interface ThreadTimes {
  /** When they were read. */
  atMs: number
  times: Map<number, { runNs: number; waitNs: number }>
}

/** Time on a processor and time waiting for one of each thread, nanoseconds. */
export function threadTimes(source: ProcSource, pid: number): ThreadTimes {
  const atMs = performance.now()
  const times = new Map<number, { runNs: number; waitNs: number }>()
  for (const tid of (optional(() => source.list(`${pid}/task`)) ?? []).slice(0, MOST_THREADS)) {
    const [run, wait] = (
      optional(() => source.readFile(`${pid}/task/${tid}/schedstat`).toString('latin1')) ?? ''
    ).split(' ')
    if (wait !== undefined) times.set(Number(tid), { runNs: Number(run), waitNs: Number(wait) })
  }
  return { atMs, times }
}
