import { optional } from '../../errors.ts'
import { isKernelThread, parsePidStat } from '../../processes/pid-stat.ts'
import { processNames } from '../../processes/socket-owners.ts'
import { IN_ONE_PIECE, type ProcSource } from '../../proc/proc-source.ts'
import type { ObservedProcess, ProcessCounters } from '../observed/task.ts'
import { WAITS } from '../wait-channels.ts'
import { isRemote, parseMountinfo } from './files/mountinfo.ts'

/**
 * Every process by its pid, with its counters as `a`; the one that reads this counts too. Threads of the kernel that are
 * `known` are left out: nothing of them is compared.
 */
export function lookAtProcesses(
  source: ProcSource,
  known?: ReadonlyMap<number, ObservedProcess>,
): Map<number, ObservedProcess> {
  const processes = new Map<number, ObservedProcess>()
  const isHeld = execHoldsIo(source)
  for (const name of processNames(source)) {
    const pid = Number(name)
    if (known?.get(pid)?.isKernelThread === true) continue
    const process = optional(() => readProcess(source, pid, isHeld))
    if (process !== undefined) processes.set(pid, process)
  }
  return processes
}

/** Puts the counters of a later look beside those of the first; who came meanwhile is added. */
export function joinLater(processes: Map<number, ObservedProcess>, later: ReadonlyMap<number, ObservedProcess>): void {
  // Those of the kernel are not looked at again.
  for (const process of processes.values()) if (process.isKernelThread) process.b = process.a
  for (const [pid, process] of later) {
    const known = processes.get(pid)
    if (known?.startTicks === process.startTicks) {
      known.b = process.a
      known.comm = process.comm
    } else processes.set(pid, { ...process, a: undefined, b: process.a })
  }
}

/**
 * Before Linux 5.11 reading /proc/PID/io waits while the process starts a program, so as long as the filesystem of that
 * does not answer. Source: Linux fs/proc/base.c, do_io_accounting.
 */
function execHoldsIo(source: ProcSource): (pid: number, state: string) => boolean {
  const [major = 0, minor = 0] = (source.meta.kernel ?? '').split('.').map(Number)
  const mayHang =
    source.isThisMachine &&
    (major < 5 || (major === 5 && minor < 11)) &&
    (optional(() => parseMountinfo(source.readFile('self/mountinfo'))) ?? []).some(isRemote)
  return (pid, state) => mayHang && (state === 'D' || WAITS.fuse.test(waitChannel(source, pid) ?? ''))
}

export function readProcess(
  source: ProcSource,
  pid: number,
  isHeld: (pid: number, state: string) => boolean = () => false,
): ObservedProcess | undefined {
  const stat = parsePidStat(source.readFile(`${pid}/stat`, IN_ONE_PIECE))
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
    ...(!isKernel &&
      !isHeld(pid, stat.state) &&
      optional(() => parsePidIo(source.readFile(`${pid}/io`, IN_ONE_PIECE)))),
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
  const counters: Partial<ProcessCounters> = {}
  for (const [counter, name] of IO_FIELDS) {
    const value = field(name)
    if (value !== undefined) counters[counter] = value
  }
  return counters
}

const IO_FIELDS = [
  ['readChars', 'rchar'],
  ['writtenChars', 'wchar'],
  ['readCalls', 'syscr'],
  ['writeCalls', 'syscw'],
  ['readBytes', '\nread_bytes'],
  ['writeBytes', '\nwrite_bytes'],
] as const

/** Where a task sleeps in the kernel; undefined where it does not or that is not told. */
export function waitChannel(source: ProcSource, pid: number): string | undefined {
  const text = optional(() => source.readFile(`${pid}/wchan`, IN_ONE_PIECE).toString('latin1'))
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
      optional(() => source.readFile(`${pid}/task/${tid}/schedstat`, IN_ONE_PIECE).toString('latin1')) ?? ''
    ).split(' ')
    if (wait !== undefined) times.set(Number(tid), { runNs: Number(run), waitNs: Number(wait) })
  }
  return { atMs, times }
}
