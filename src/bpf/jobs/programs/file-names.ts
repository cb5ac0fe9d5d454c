import { currentTask, tracepoints, when } from '../condition.ts'
import { commField, errorField, pathField, pidField, timeField, uidField } from '../fields.ts'
import type { EventJob, ProgramContext } from '../job.ts'
import { plainRows, splitReturn } from '../records.ts'
import { syscallProbes } from '../syscall-probes.ts'

/** System calls that take a file name, and the argument that holds it: they differ by call and by architecture. */
const OPEN_CALLS = { open: 'filename', openat: 'filename', openat2: 'filename', creat: 'pathname' }
const STAT_CALLS = {
  newstat: 'filename',
  newlstat: 'filename',
  newfstatat: 'filename',
  statx: 'filename',
  statfs: 'pathname',
}

type Calls = Readonly<Record<string, string>>

export const opensnoop: EventJob = {
  name: 'opensnoop',
  title: 'opened files',
  shows: 'Every open(), openat(), openat2() and creat(): who opened which file, with the descriptor or the error.',
  doesNotShow: 'Files opened by io_uring or inherited; the full path where the name is relative.',
  overhead: 'About 1 µs for a traced call; a busy compiler opens some 10,000 files a second, which is 1 % of a CPU.',
  shape: 'events',
  probes: syscallProbes(Object.keys(OPEN_CALLS), ['openat']),
  fields: [
    timeField,
    pidField,
    uidField,
    commField,
    { key: 'fd', header: 'FD', kind: 'integer', about: 'the new descriptor; absent where the call failed', width: 4 },
    errorField,
    pathField,
  ],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  substitutes: { libbpf: ['opensnoop'], bcc: ['opensnoop'] },
  program: context => program('open', OPEN_CALLS, context),
  layouts: { open: ['time', 'pid', 'uid', 'fd', 'comm', 'path'] },
  reader: () => plainRows(opensnoop.layouts, row => splitReturn(row, 'fd')),
}

export const statsnoop: EventJob = {
  name: 'statsnoop',
  title: 'file attributes that were queried',
  shows: 'Every stat(), statx() and statfs() by name: programs that look for files, and those they do not find.',
  doesNotShow: 'fstat() of open files, access() and readlink(); the full path where the name is relative.',
  overhead: 'About 1 µs for a traced call.',
  shape: 'events',
  probes: syscallProbes(Object.keys(STAT_CALLS), ['newfstatat', 'statx']),
  fields: [timeField, pidField, uidField, commField, errorField, pathField],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  substitutes: { libbpf: ['statsnoop'], bcc: ['statsnoop'] },
  program: context => program('stat', STAT_CALLS, context),
  layouts: { stat: ['time', 'pid', 'uid', 'ret', 'comm', 'path'] },
  reader() {
    const rows = plainRows(statsnoop.layouts, row => {
      splitReturn(row, 'ret')
      delete row['ret']
    })
    // fstat() of glibc is newfstatat() of an empty name.
    return { take: record => (record.at(-1) === '' ? [] : rows.take(record)) }
  },
}

/** The name is read at the end of the call: at its beginning the page that holds it may not be in memory. */
function program(tag: string, calls: Calls, context: ProgramContext): string {
  const task = when(...currentTask(context))
  const present = Object.entries(calls).filter(([call, field]) =>
    context.hasTracepoint(`syscalls:sys_enter_${call}`, field),
  )
  const byField = groupByField(present)
  const enters = [...byField].map(
    ([field, group]) =>
      `${group.map(([call]) => `tracepoint:syscalls:sys_enter_${call}`).join(',\n')}${task} { @name[tid] = args->${field}; }\n`,
  )
  return `${enters.join('')}${tracepoints(
    context,
    present.map(([call]) => `syscalls:sys_exit_${call}`),
  )}${when('@name[tid]')} {
  print(("${tag}", nsecs, (uint64)pid, (uint64)uid, (int64)args->ret, comm, str(@name[tid])));
  delete(@name[tid]);
}
`
}

function groupByField(calls: readonly [string, string][]): Map<string, [string, string][]> {
  const groups = new Map<string, [string, string][]>()
  for (const call of calls) groups.set(call[1], [...(groups.get(call[1]) ?? []), call])
  return groups
}
