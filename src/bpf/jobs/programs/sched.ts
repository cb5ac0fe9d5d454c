import { currentTask, longEnough, when } from '../condition.ts'
import { numberLiteral, stringLiteral } from '../../../children/literal.ts'
import type { HistogramJob, ProgramContext, StackJob } from '../job.ts'

const OVERHEAD =
  'Two map operations for a context switch, about 0.5 µs: 100,000 switches a second are 5 % of a CPU. Filters do not make it cheaper.'

/**
 * Whether a thread that is not running is one of the traced. Only the running thread tells of its process and cgroup, so
 * threads are remembered (`@mine`) when they leave the CPU; the first thread of a process is known by its number.
 */
function threadOf(context: ProgramContext, tid: string, comm: string): { remember: string; condition: string } {
  const { filter } = context
  if (filter.tree !== undefined) return { remember: '', condition: `@tree[${tid}]` }
  const { pid, cgroupId } = filter
  const own = context.ownPids.map(own => `${tid} != ${numberLiteral(own)}`)
  const named = filter.comm === undefined ? [] : [`${comm} == ${stringLiteral(filter.comm)}`]
  if (pid === undefined && cgroupId === undefined) {
    return { remember: '', condition: [`${tid} != 0`, ...own, ...named].join(' && ') }
  }
  const group = currentTask({ ...context, filter: { pid, cgroupId } }).join(' && ')
  const member = pid === undefined ? `@mine[${tid}]` : `(${tid} == ${numberLiteral(pid)} || @mine[${tid}])`
  return { remember: `  if (${group}) { @mine[tid] = 1; }\n`, condition: [member, ...named].join(' && ') }
}

export const runqlat: HistogramJob = {
  name: 'runqlat',
  title: 'time that tasks wait for a CPU',
  shows: 'How long tasks that could run had to wait for a CPU, as a histogram: the sign of too few CPUs.',
  doesNotShow:
    'Which task waits for which other. With --pid, waits of threads other than the first before they were seen once.',
  overhead: OVERHEAD,
  shape: 'histogram',
  map: '@usecs',
  unit: 'usecs',
  probes: [
    { kind: 'tracepoint', target: 'sched:sched_wakeup' },
    { kind: 'tracepoint', target: 'sched:sched_wakeup_new' },
    { kind: 'tracepoint', target: 'sched:sched_switch' },
  ],
  fields: [],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  minLatency: true,
  substitutes: { libbpf: ['runqlat'], bcc: ['runqlat'] },
  program(context) {
    const woken = threadOf(context, 'args->pid', 'args->comm')
    const next = threadOf(context, 'args->prev_pid', 'args->prev_comm')
    return `tracepoint:sched:sched_wakeup, tracepoint:sched:sched_wakeup_new {
  if (${woken.condition}) { @queued[args->pid] = nsecs; }
}
tracepoint:sched:sched_switch {
${next.remember}  if (args->prev_state == 0 && ${next.condition}) { @queued[args->prev_pid] = nsecs; }
  $since = @queued[args->next_pid];
  if ($since) {
    $ns = nsecs - $since;
    delete(@queued[args->next_pid]);
    if (${longEnough(context)}) { @usecs = hist($ns / 1000); }
  }
}
`
  },
}

export const cpudist: HistogramJob = {
  name: 'cpudist',
  title: 'time that tasks stay on a CPU',
  shows: 'How long tasks run once they got a CPU, until they wait or are preempted, as a histogram.',
  doesNotShow: 'Interrupts, which count as part of the task they interrupt.',
  overhead: OVERHEAD,
  shape: 'histogram',
  map: '@usecs',
  unit: 'usecs',
  probes: [{ kind: 'tracepoint', target: 'sched:sched_switch' }],
  fields: [],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  minLatency: true,
  substitutes: { libbpf: ['cpudist'], bcc: ['cpudist'] },
  program(context) {
    const task = when('@on[tid]', 'args->prev_pid != 0', ...currentTask(context))
    return `tracepoint:sched:sched_switch${task} {
  $ns = nsecs - @on[tid];
  if (${longEnough(context)}) { @usecs = hist($ns / 1000); }
}
tracepoint:sched:sched_switch /@on[args->prev_pid]/ { delete(@on[args->prev_pid]); }
tracepoint:sched:sched_switch /args->next_pid != 0/ { @on[args->next_pid] = nsecs; }
`
  },
}

export const offcputime: StackJob = {
  name: 'offcputime',
  title: 'where tasks wait, by stack',
  shows: 'Call stacks at which tasks left the CPU, weighted with the time until they came back.',
  doesNotShow:
    'Waits that had not ended when it stopped. User frames of programs built without frame pointers; names in stripped programs.',
  overhead: `${OVERHEAD} Reading both stacks adds about 1 µs for a switch of a traced task.`,
  shape: 'stacks',
  map: '@off',
  unit: 'microseconds',
  probes: [{ kind: 'tracepoint', target: 'sched:sched_switch' }],
  fields: [],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  minLatency: true,
  substitutes: { libbpf: ['offcputime'], bcc: ['offcputime'] },
  program(context) {
    return `tracepoint:sched:sched_switch${when('args->prev_pid != 0', ...currentTask(context))} {
  @since[tid] = nsecs; @kernel[tid] = kstack(32); @user[tid] = ustack(64); @pid[tid] = pid; @comm[pid] = comm;
}
tracepoint:sched:sched_switch /@since[args->next_pid]/ {
  $ns = nsecs - @since[args->next_pid];
  if (${longEnough(context)}) { @off[@user[args->next_pid], @kernel[args->next_pid], @pid[args->next_pid]] = sum($ns / 1000); }
  delete(@since[args->next_pid]); delete(@kernel[args->next_pid]); delete(@user[args->next_pid]); delete(@pid[args->next_pid]);
}
`
  },
}

export const profile: StackJob = {
  name: 'profile',
  title: 'where CPU time goes, by stack',
  shows:
    'Call stacks of all running tasks, 99 times a second on each CPU: the hot code, also without a hardware counter.',
  doesNotShow:
    'Idle time; what waits (see offcputime). User frames of programs built without frame pointers; names in stripped programs.',
  overhead: '99 samples a second and CPU, each some 5 µs: below 0.1 %. bpftrace itself looks up the names.',
  shape: 'stacks',
  unit: 'samples',
  probes: [{ kind: 'profile', target: 'hz:99' }],
  fields: [],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  substitutes: { libbpf: ['profile'], bcc: ['profile'] },
  program: context =>
    `profile:hz:99${when('tid != 0', ...currentTask(context))} { print(("stack", (uint64)pid, comm, ustack, kstack)); }\n`,
}
