import { optional } from '../../errors.ts'
import { parsePidStat, type PidStat } from '../../processes/pid-stat.ts'
import type { MachineFiles } from '../doctor/machine/machine-files.ts'
import type { LeftProcess } from '../model.ts'

/** What is known of a command while it still is held: enough to know its children by, once it is gone. */
export interface CommandTrace {
  readonly pid: number
  readonly session: number
  readonly processGroup: number
  readonly startTicks: number
}

/** What adopts, in every pid namespace, where nothing nearer does. */
const INIT = 1

type Files = Pick<MachineFiles, 'readFile' | 'list'>

export function commandTrace(files: Files, pid: number): CommandTrace | undefined {
  const stat = statOf(files, pid)
  if (stat === undefined) return undefined
  const { session, processGroup, startTicks } = stat
  return { pid, session, processGroup, startTicks }
}

/** Those threads among `tids` that are processes and still run. */
export function stillRunning(files: Files, tids: readonly number[]): LeftProcess[] {
  const running = tids.flatMap(tid => {
    const stat = statOf(files, tid)
    return stat === undefined || !isRunning(stat) || leaderOf(files, tid) !== tid ? [] : [{ pid: tid, comm: stat.comm }]
  })
  return running.sort((a, b) => a.pid - b.pid)
}

/**
 * Processes that a command left running, told without a tracer: of its session, begun since, and orphaned, which is to
 * say adopted by a process of another session or by init; and what these started. Where init is of that session itself,
 * as in a container, it has children of its own too: only those of the command's process group count. A daemon that
 * made a session of its own is none of them, nor is anything that another process of that session adopts.
 */
export function orphansOf(files: Files, command: CommandTrace): LeftProcess[] {
  const members = new Map<number, PidStat>()
  for (const name of optional(() => files.list('proc', name => /^\d+$/.test(name))) ?? []) {
    const stat = statOf(files, Number(name))
    if (stat?.session === command.session) members.set(Number(name), stat)
  }
  const isOrphan = (pid: number): boolean => {
    const stat = members.get(pid)
    if (stat === undefined || stat.startTicks < command.startTicks) return false
    if (!members.has(stat.parentPid)) return stat.parentPid !== 0
    if (stat.parentPid === INIT) return stat.processGroup === command.processGroup
    return isOrphan(stat.parentPid)
  }
  return [...members]
    .filter(([pid, stat]) => pid !== command.pid && isRunning(stat) && isOrphan(pid))
    .map(([pid, { comm }]) => ({ pid, comm }))
    .sort((a, b) => a.pid - b.pid)
}

const isRunning = ({ state }: PidStat) => !'ZX'.includes(state.toUpperCase())

function statOf(files: Files, pid: number): PidStat | undefined {
  return optional(() => parsePidStat(files.readFile(`proc/${pid}/stat`)))
}

/** /proc/TID is there for every thread, though not listed. */
function leaderOf(files: Files, tid: number): number {
  const status = optional(() => files.readFile(`proc/${tid}/status`))?.toString('latin1') ?? ''
  return Number(/^Tgid:\t(\d+)$/m.exec(status)?.[1])
}
