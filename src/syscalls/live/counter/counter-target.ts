import { UNCOUNTED_BIT } from './counter-key.ts'
import { numberLiteral, stringLiteral } from '../../../children/literal.ts'

/** Whose calls to count. */
export interface CounterTarget {
  /** Processes, with all their threads. */
  pids?: readonly number[] | undefined
  /** Single threads that lead no process. */
  tids?: readonly number[] | undefined
  /** Threads of this name: a byte string, at most 15 bytes. */
  comm?: string | undefined
  /** Inodes of cgroup v2 directories; each means its own processes, not those of the groups below. */
  cgroups?: readonly number[] | undefined
  /** A child process, stopped before its exec: counted from that exec on, the exec included. */
  heldPid?: number | undefined
}

export interface CounterSpec {
  target: CounterTarget
  /** `uname -m`, which says how a 32-bit call is distinguished from a native one. */
  machine: string
  /** Children that the target makes from now on. */
  followChildren: boolean
  /** Keep the counts of each thread apart, and say how threads come and go. */
  byThread: boolean
  /** Measure how long a call kept the CPU. Costs a little at every context switch of the whole machine. */
  systemTime: boolean
  /** Count only these, or all but these; numbers as {@link packNumber} makes them. Absent: all. */
  only?: { numbers: readonly number[]; except: boolean } | undefined
  intervalMs?: number | undefined
  /** Never counted, whatever the target says. bpftrace excludes itself. */
  ownPid: number
}

/** Whether membership is kept in a map: children must be recognised, or a command from its exec on. */
export function follows({ followChildren, target }: CounterSpec): boolean {
  return followChildren || target.heldPid !== undefined
}

/** The condition that the running thread is one to be counted. */
export function member(spec: CounterSpec): string {
  const { pids = [], tids = [], comm, cgroups = [] } = spec.target
  const conditions = [
    ...(follows(spec) ? ['@member[pid]'] : pids.map(pid => `pid == ${numberLiteral(pid)}`)),
    ...tids.map(tid => `tid == ${numberLiteral(tid)}`),
    ...(comm === undefined ? [] : [`comm == ${stringLiteral(comm)}`]),
    ...cgroups.map(id => `cgroup == ${numberLiteral(id)}`),
  ]
  const condition = conditions.join(' || ')
  return comm === undefined && cgroups.length === 0
    ? condition
    : `(${condition}) && pid != ${numberLiteral(spec.ownPid)} && !@self[pid]`
}

/**
 * A thread other than the first that execs takes the first one's id in the middle of its call. The command we hold
 * becomes a member by its exec: tries of its shell that fail, one for each folder of PATH, stay marked as not to be counted.
 */
export function exec(spec: CounterSpec): string {
  const { target, only } = spec
  const execve = execveNumber(spec.machine)
  const uncounted = numberLiteral(execve + UNCOUNTED_BIT)
  const wanted = only === undefined || only.numbers.includes(execve) !== only.except
  const held = target.heldPid === undefined ? undefined : `pid == ${numberLiteral(target.heldPid)} && !@member[pid]`
  const announced = 'print(("exec", (uint64)nsecs, (uint64)pid, (uint64)args->old_pid, comm, str(args->filename)));'
  const attempt = `
tracepoint:syscalls:sys_enter_execve /${held}/ { @begun[tid] = ((uint64)nsecs, (uint64)${uncounted}); }`
  const joins = `
  if (${held}) {
    @member[pid] = 1;
    ${wanted ? `@begun[tid] = ((uint64)@begun[tid].0, (uint64)${numberLiteral(execve)});` : ''}
  }`
  return `${held === undefined ? '' : attempt}
tracepoint:sched:sched_process_exec {${held === undefined ? '' : joins}
  $old = (uint64)args->old_pid;
  if ($old != (uint64)args->pid && @begun[$old].0) {
    @begun[(uint64)args->pid] = ((uint64)@begun[$old].0, (uint64)@begun[$old].1);
    delete(@begun[$old]);
  }
  ${spec.byThread ? `if (${member(spec)}) { ${announced} }` : ''}
}`
}

/** The native execve. Source: the tables of model/syscall-tables. */
function execveNumber(machine: string): number {
  return { x86_64: 59, s390x: 11, ppc64: 11, ppc64le: 11 }[machine] ?? 221
}

export function fork(spec: CounterSpec): string {
  const announced = spec.byThread
    ? ' print(("fork", (uint64)nsecs, (uint64)pid, (uint64)tid, (uint64)args->child_pid));'
    : ''
  const mark = spec.followChildren ? '@member[(uint64)args->child_pid] = 1;' : ''
  return mark + announced === '' ? '' : `tracepoint:sched:sched_process_fork /${member(spec)}/ { ${mark}${announced} }`
}
