import { currentTask, when } from '../condition.ts'
import { commField, pidField, timeField, uidField } from '../fields.ts'
import type { CountJob, EventJob } from '../job.ts'
import { plainRows } from '../records.ts'

export const pagefaults: CountJob = {
  name: 'pagefaults',
  title: 'page faults by process',
  shows:
    'How many page faults each process takes: memory touched for the first time, mapped files, copies after a fork.',
  doesNotShow: 'Whether a fault had to read the disk; faults of the kernel itself.',
  overhead: 'About 0.3 µs for a fault, which itself takes about 1 µs.',
  shape: 'counts',
  keys: [pidField],
  maps: { '@faults': 'faults' },
  sortBy: 'faults',
  probes: [{ kind: 'software', target: 'page-faults:1' }],
  fields: [pidField, commField, { key: 'faults', header: 'FAULTS', kind: 'integer', about: 'page faults', width: 9 }],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  substitutes: { libbpf: [], bcc: [] },
  program: context =>
    `software:page-faults:1${when(...currentTask(context))} { @faults[pid] = count(); @comm[pid] = comm; }\n`,
}

export const oomkill: EventJob = {
  name: 'oomkill',
  title: 'processes killed for lack of memory',
  shows:
    'Every process the kernel chooses to kill because memory ran out, of the machine or of a cgroup, and which process triggered it.',
  doesNotShow:
    'Kills by systemd-oomd or earlyoom, which are signals (see killsnoop). Memory figures on kernels before 6.9.',
  overhead: 'None until it happens.',
  shape: 'events',
  probes: [{ kind: 'tracepoint', target: 'oom:mark_victim' }],
  fields: [
    timeField,
    { ...pidField, about: 'process that is killed' },
    { ...commField, about: 'its name; absent on kernels before 6.9' },
    { ...uidField, about: 'its user' },
    { key: 'anonBytes', header: 'ANON', kind: 'bytes', about: 'its anonymous memory', width: 9 },
    { key: 'fileBytes', header: 'FILE', kind: 'bytes', about: 'its mapped files', width: 9 },
    { key: 'shmemBytes', header: 'SHMEM', kind: 'bytes', about: 'its shared memory', width: 9 },
    { key: 'triggerPid', header: 'TPID', kind: 'pid', about: 'process that asked for the memory', width: 7 },
    { key: 'triggerComm', header: 'TCOMM', kind: 'text', about: 'name of that process' },
  ],
  filters: ['pid', 'comm', 'tree'],
  substitutes: { libbpf: ['oomkill'], bcc: ['oomkill'] },
  stringBytes: 64,
  program(context) {
    const head = `tracepoint:oom:mark_victim${context.filter.tree === undefined ? '' : ' /@tree[args->pid]/'}`
    return context.hasTracepoint('oom:mark_victim', 'anon_rss')
      ? `${head} {
  print(("oom", nsecs, (uint64)args->pid, (uint64)args->uid, (uint64)args->anon_rss, (uint64)args->file_rss, (uint64)args->shmem_rss, (uint64)pid, comm, str(args->comm)));
}
`
      : `${head} { print(("oom_pid", nsecs, (uint64)args->pid, (uint64)pid, comm)); }\n`
  },
  layouts: {
    oom: ['time', 'pid', 'uid', 'anonBytes', 'fileBytes', 'shmemBytes', 'triggerPid', 'triggerComm', 'comm'],
    oom_pid: ['time', 'pid', 'triggerPid', 'triggerComm'],
  },
  reader({ filter }) {
    const rows = plainRows(oomkill.layouts, row => {
      // The kernel gives kibibytes. Source: include/trace/events/oom.h.
      for (const key of ['anonBytes', 'fileBytes', 'shmemBytes'])
        if (row[key] !== undefined) row[key] = Number(row[key]) * 1024
    })
    return {
      take: record =>
        rows
          .take(record)
          .filter(
            row =>
              (filter.pid === undefined || row['pid'] === filter.pid) &&
              (filter.comm === undefined || row['comm'] === filter.comm),
          ),
    }
  },
}
