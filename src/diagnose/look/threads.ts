import { optional } from '../../errors.ts'
import { parsePidStat } from '../../processes/pid-stat.ts'
import { IN_ONE_PIECE, type ProcSource } from '../../proc/proc-source.ts'
import type { ObservedProcess } from '../observed/task.ts'
import { mayHang } from '../wait-channels.ts'

/** Where threads sleep that have nothing to do. */
const IDLE =
  /^0$|futex|ep_poll|poll_schedule|do_sys_poll|do_poll|do_select|nanosleep|pipe_read|skb_wait_for_more|sk_wait_data|accept|do_wait|sigtimedwait|sigsuspend|pause|read|wait_woken|cqring_wait/

/** Threads of all processes that are looked at for one that hangs. */
const MOST_THREADS = 3000

/** The thread that hangs of each process whose main thread does not: some program waits in another one. */
export function findHangingThreads(source: ProcSource, processes: Iterable<ObservedProcess>): ObservedProcess[] {
  let left = MOST_THREADS
  const hanging: ObservedProcess[] = []
  for (const process of processes) {
    const { a, pid } = process
    if (a === undefined || a.threads < 2 || left <= 0) continue
    for (const tid of optional(() => source.list(`${pid}/task`)) ?? []) {
      if (tid === String(pid) || (left -= 1) <= 0 || !threadHangs(source, `${pid}/task/${tid}`)) continue
      process.hangingThread = Number(tid)
      hanging.push(process)
      break
    }
  }
  return hanging
}

function threadHangs(source: ProcSource, folder: string): boolean {
  const channel = optional(() => source.readFile(`${folder}/wchan`, IN_ONE_PIECE).toString('latin1')) ?? '0'
  if (mayHang(channel)) return true
  // Only an unusual place is worth the question for the state.
  if (IDLE.test(channel)) return false
  return optional(() => parsePidStat(source.readFile(`${folder}/stat`, IN_ONE_PIECE))?.state) === 'D'
}

/** Folder of the task that is looked at closely, in /proc. */
export const taskFolder = ({ pid, hangingThread }: ObservedProcess): string =>
  hangingThread === undefined ? String(pid) : `${pid}/task/${hangingThread}`

/** State and wait channel of a task that hangs, and how often it gave the processor up. */
export function sampleHanging(source: ProcSource, process: ObservedProcess): void {
  const folder = taskFolder(process)
  const state = optional(() => parsePidStat(source.readFile(`${folder}/stat`, IN_ONE_PIECE))?.state)
  if (state === undefined) return
  const channel = optional(() => source.readFile(`${folder}/wchan`, IN_ONE_PIECE).toString('latin1')) ?? ''
  ;(process.samples ??= []).push([state, channel === '0' ? '' : channel])
  const switches = switchesOfTask(source, folder)
  if (switches === undefined) return
  process.hangingSwitches = [process.hangingSwitches?.[0] ?? switches, switches]
}

function switchesOfTask(source: ProcSource, folder: string): number | undefined {
  const text = optional(() => source.readFile(`${folder}/status`, IN_ONE_PIECE).toString('latin1'))
  const digits = /^voluntary_ctxt_switches:\s+(\d+)$/m.exec(text ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Threads whose switches are summed up. */
const MOST_SUMMED = 64

/** How often the threads of a process gave the processor up of their own will, and who did it most. */
export function voluntarySwitches(source: ProcSource, pid: number): { sum: number; byThread: Map<string, number> } {
  const byThread = new Map<string, number>()
  for (const tid of (optional(() => source.list(`${pid}/task`)) ?? []).slice(0, MOST_SUMMED))
    byThread.set(tid, switchesOfTask(source, `${pid}/task/${tid}`) ?? 0)
  return { sum: [...byThread.values()].reduce((sum, count) => sum + count, 0), byThread }
}

/** How often it is asked where a thread sleeps that wakes up very often. */
const GLIMPSES = 12

/** Where a thread sleeps that hardly ever does for long. */
export function sleepsIn(source: ProcSource, pid: number, tid: string): string[] {
  const channels: string[] = []
  for (let glimpse = 0; glimpse < GLIMPSES; glimpse += 1) {
    const channel = optional(() => source.readFile(`${pid}/task/${tid}/wchan`, IN_ONE_PIECE).toString('latin1'))
    if (channel !== undefined && channel !== '0') channels.push(channel)
  }
  return channels
}

/** Whether a process has a descriptor of a timer. */
export const hasTimer = (source: ProcSource, pid: number): boolean =>
  (optional(() => source.list(`${pid}/fd`)) ?? [])
    .slice(0, 200)
    .some(fd => optional(() => source.readLink(`${pid}/fd/${fd}`)) === 'anon_inode:[timerfd]')

/** Numbers of futex calls that wait, and what a futex of a lock holds meanwhile (see LOCK_VALUES of the tracer). */
const FUTEX_WAIT = /^202 0x([0-9a-f]+) 0x([0-9a-f]+) 0x([0-9a-f]+) /
const isWaiting = (operation: number) => [0, 6, 9, 13].includes(operation & 127)
const isLock = (value: number) => value === 2 || value === 3 || (value >= 0x8000_0000 && value < 0x8040_0000)

/**
 * Threads that wait for a lock: id → its address. Source: /proc/PID/task/TID/syscall, the number and the arguments of the
 * call it sleeps in; x86-64, root.
 */
export function lockWaiters(source: ProcSource, pid: number): Map<string, string> {
  const waiters = new Map<string, string>()
  if (source.meta.arch !== 'x86_64') return waiters
  for (const tid of (optional(() => source.list(`${pid}/task`)) ?? []).slice(0, MOST_SUMMED)) {
    const text = optional(() => source.readFile(`${pid}/task/${tid}/syscall`).toString('latin1')) ?? ''
    const [, address = '', operation = '', value = ''] = FUTEX_WAIT.exec(text) ?? []
    const held = Number.parseInt(value, 16) % 2 ** 32
    if (address !== '' && isWaiting(Number.parseInt(operation, 16)) && isLock(held)) waiters.set(tid, address)
  }
  return waiters
}
