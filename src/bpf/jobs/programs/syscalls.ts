import type { Field } from '../../run/output/row.ts'
import { currentTask, longEnough, tracepoints, when } from '../condition.ts'
import type { CountJob, HistogramJob, Probe } from '../job.ts'
import { syscallProbes } from '../syscall-probes.ts'

const syscallField: Field = {
  key: 'syscall',
  header: 'SYSCALL',
  kind: 'syscall',
  about: 'name of the system call',
  width: 18,
}
const probes: Probe[] = [
  { kind: 'tracepoint', target: 'raw_syscalls:sys_enter' },
  { kind: 'tracepoint', target: 'raw_syscalls:sys_exit' },
]
const overhead =
  '0.3 to 0.7 µs for every system call of the machine while it runs, filtered or not: a process that makes 1,000,000 a second loses half of its speed.'

/** A return of number -1 is of no call: a tracer or a signal took its place. Calls that do not return (exit, exit_group, execve of a thread) are counted and have no time. */
export const syscount: CountJob = {
  name: 'syscount',
  title: 'system calls, their number, time and errors',
  shows: 'How often each system call is made, how long it takes altogether, and how many fail.',
  doesNotShow: 'Who made the call (use --pid, --comm or --cgroup); calls still running at the end have no time.',
  overhead,
  shape: 'counts',
  keys: [syscallField],
  maps: { '@calls': 'calls', '@ns': 'durationNs', '@errors': 'errors' },
  sortBy: 'calls',
  probes,
  fields: [
    syscallField,
    { key: 'calls', header: 'CALLS', kind: 'integer', about: 'calls begun', width: 10 },
    { key: 'durationNs', header: 'TIME', kind: 'durationNs', about: 'time in the calls that returned', width: 10 },
    { key: 'errors', header: 'ERRORS', kind: 'integer', about: 'calls that returned an error', width: 8 },
  ],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  substitutes: { libbpf: ['syscount'], bcc: ['syscount'] },
  program: context => `tracepoint:raw_syscalls:sys_enter${when(...currentTask(context))} {
  @calls[args->id] = count(); @since[tid] = nsecs;
}
tracepoint:raw_syscalls:sys_exit /@since[tid] && args->id < 0/ { delete(@since[tid]); }
tracepoint:raw_syscalls:sys_exit /@since[tid]/ {
  @ns[args->id] = sum(nsecs - @since[tid]);
  if (args->ret < 0 && args->ret >= -4095) { @errors[args->id] = count(); }
  delete(@since[tid]);
}
`,
}

export const syslat: HistogramJob = {
  name: 'syslat',
  title: 'latency of system calls',
  shows: 'How long each system call takes, one histogram for each call.',
  doesNotShow: 'Calls still running at the end.',
  overhead,
  shape: 'histogram',
  map: '@usecs',
  unit: 'usecs',
  key: syscallField,
  probes,
  fields: [syscallField],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  minLatency: true,
  substitutes: { libbpf: [], bcc: [] },
  program: context => `tracepoint:raw_syscalls:sys_enter${when(...currentTask(context))} { @since[tid] = nsecs; }
tracepoint:raw_syscalls:sys_exit /@since[tid] && args->id < 0/ { delete(@since[tid]); }
tracepoint:raw_syscalls:sys_exit /@since[tid]/ {
  $ns = nsecs - @since[tid];
  delete(@since[tid]);
  if (${longEnough(context)}) { @usecs[args->id] = hist($ns / 1000); }
}
`,
}

/** Number in the map → call. The numbers are ours: a tracepoint does not tell its own name to a map of numbers. */
export const SYNC_CALLS = ['fsync', 'fdatasync', 'sync', 'syncfs', 'sync_file_range', 'msync'] as const

export const fsynclat: HistogramJob = {
  name: 'fsynclat',
  title: 'latency of fsync, fdatasync, sync and similar calls',
  shows:
    'How long fsync(), fdatasync(), sync(), syncfs(), sync_file_range() and msync() take: what databases wait for.',
  doesNotShow: 'Writes with O_SYNC or O_DSYNC; io_uring.',
  overhead: 'One map operation for a call that itself takes a hundred times longer; too little to measure.',
  shape: 'histogram',
  map: '@usecs',
  unit: 'usecs',
  keyNames: SYNC_CALLS,
  key: { key: 'call', header: 'CALL', kind: 'text', about: 'the call' },
  probes: syscallProbes(SYNC_CALLS, ['fsync']),
  fields: [],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  minLatency: true,
  substitutes: { libbpf: [], bcc: ['ext4slower', 'xfsslower'] },
  program(context) {
    const present = SYNC_CALLS.filter(call => context.hasTracepoint(`syscalls:sys_enter_${call}`))
    const exits = present.map(
      call => `tracepoint:syscalls:sys_exit_${call} /@since[tid]/ {
  $ns = nsecs - @since[tid];
  delete(@since[tid]);
  if (${longEnough(context)}) { @usecs[${SYNC_CALLS.indexOf(call)}] = hist($ns / 1000); }
}
`,
    )
    return `${tracepoints(
      context,
      present.map(call => `syscalls:sys_enter_${call}`),
    )}${when(...currentTask(context))} { @since[tid] = nsecs; }
${exits.join('')}`
  },
}
