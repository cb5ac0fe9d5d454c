import { MachineError, optional, UsageError } from '../../errors.ts'
import { readComm } from '../../processes/pid-comm.ts'
import { parsePidStatus } from '../../processes/pid-status.ts'
import { readCgroups } from '../../children/cgroup.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { TraceTarget } from './contract.ts'

/** Fields of /proc/PID/status that tracing asks for. */
export interface TargetProcess {
  /** As given; a thread's id where the user named a thread. */
  pid: number
  /** Its process. */
  processId: number
  parent: number
  /** Effective user. */
  uid: number
  threads: number
  /** Who ptraces it already; 0 for nobody. */
  tracer: number
  name: string
}

/** Reads a process; undefined when it is gone. */
export function readProcess(proc: ProcSource, pid: number): TargetProcess | undefined {
  const status = optional(() => parsePidStatus(proc.readFile(`${pid}/status`)))
  return (
    status && {
      pid,
      processId: status.processId ?? 0,
      parent: status.parentPid ?? 0,
      uid: status.uids?.[1] ?? 0,
      threads: status.threads ?? 0,
      tracer: status.tracerPid ?? 0,
      name: status.name ?? '',
    }
  )
}

/**
 * The processes to attach to; empty for a command.
 *
 * @throws MachineError `no-target` where one does not exist, UsageError where one is ourselves or above us: a stopped
 * shell could not even be asked to end the tracing
 */
export function findTargets(proc: ProcSource, target: TraceTarget, ownPid: number): TargetProcess[] {
  if (target.kind === 'command') return []
  if (target.kind === 'pids')
    return [...new Set(target.pids)].map(pid => {
      const process = readProcess(proc, pid)
      if (process === undefined) throw new MachineError('no-target', `process ${pid} cannot be traced: there is none`)
      refuseOwn(proc, process, ownPid)
      return process
    })
  if (target.kind === 'comm')
    return present(proc, ownPid, pid => threadNames(proc, pid).includes(target.comm.slice(0, 15)))
  const pids = new Set(readCgroups(target.path).flatMap(cgroup => cgroup.pids))
  return present(proc, ownPid, pid => pids.has(pid))
}

function refuseOwn(proc: ProcSource, target: TargetProcess, ownPid: number): void {
  for (let pid = ownPid; pid > 1;) {
    if (pid === target.processId) {
      throw new UsageError(
        pid === ownPid
          ? `process ${target.pid} is trace-syscalls itself, which cannot trace its own calls`
          : `process ${target.pid} (${target.name}) started this command: a tracer that stops it would wait for itself`,
        { hint: 'trace it from another terminal, started by another shell' },
      )
    }
    pid = readProcess(proc, pid)?.parent ?? 0
  }
}

/** Running processes that match, without ourselves and those above us. */
function present(proc: ProcSource, ownPid: number, matches: (pid: number) => boolean): TargetProcess[] {
  return proc
    .list('.')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => pid !== ownPid && matches(pid))
    .flatMap(pid => readProcess(proc, pid) ?? [])
}

function threadNames(proc: ProcSource, pid: number): string[] {
  return threadsOf(proc, pid).flatMap(tid => readComm(proc, `${pid}/task/${tid}`) ?? [])
}

/** Ids of the threads of a process; empty when it is gone. */
export function threadsOf(proc: ProcSource, pid: number): number[] {
  return optional(() => proc.list(`${pid}/task`).map(Number)) ?? []
}
