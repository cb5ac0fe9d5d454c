import { numberLiteral, stringLiteral } from '../../children/literal.ts'
import type { ProgramContext } from './job.ts'

/** Conditions under which the task that runs now is traced. */
export function currentTask(context: ProgramContext): string[] {
  const { pid, comm, cgroupId, tree } = context.filter
  const conditions: string[] = []
  if (pid !== undefined) conditions.push(`pid == ${numberLiteral(pid)}`)
  if (tree !== undefined) conditions.push('@tree[tid]')
  if (cgroupId !== undefined) conditions.push(`cgroup == ${numberLiteral(cgroupId)}`)
  if (comm !== undefined) conditions.push(`comm == ${stringLiteral(comm)}`)
  // One process or its descendants cannot be us.
  if (pid === undefined && tree === undefined) conditions.push(...notOurselves(context))
  return conditions
}

function notOurselves(context: ProgramContext): string[] {
  return context.ownPids.map(own => `pid != ${numberLiteral(own)}`)
}

/** ` /a && b/`, or nothing where there is no condition. */
export function when(...conditions: string[]): string {
  return conditions.length === 0 ? '' : ` /${conditions.join(' && ')}/`
}

/** Whether `$ns` is a latency to report. */
export function longEnough({ minLatencyNs }: ProgramContext): string {
  return minLatencyNs === undefined ? '1' : `$ns >= ${numberLiteral(minLatencyNs)}`
}

/** Probes that share an action, without those this kernel does not have. */
export function tracepoints(context: ProgramContext, names: readonly string[]): string {
  const present = names.filter(name => context.hasTracepoint(name))
  return (present.length === 0 ? names : present).map(name => `tracepoint:${name}`).join(',\n')
}

/**
 * Keeps `@tree` the threads of a process and of all it starts. The process is held by a shell of ours, whose own calls are
 * nobody's: where `fromExec`, it counts once it has become the user's command. Source: sched:sched_process_fork, whose pids are thread ids.
 */
export function familyProgram(context: ProgramContext, fromExec: boolean): string {
  const { tree } = context.filter
  if (tree === undefined) return ''
  const begin = fromExec ? `tracepoint:sched:sched_process_exec /pid == ${numberLiteral(tree)}/` : 'BEGIN'
  return `${begin} { @tree[${numberLiteral(tree)}] = 1; }
tracepoint:sched:sched_process_fork /@tree[args->parent_pid]/ { @tree[args->child_pid] = 1; }
tracepoint:sched:sched_process_free /@tree[args->pid]/ { delete(@tree[args->pid]); }
`
}
