import { currentTask, when } from '../condition.ts'
import { commField, pidField, ppidField, timeField } from '../fields.ts'
import type { EventJob } from '../job.ts'
import { plainRows } from '../records.ts'

export const exitsnoop: EventJob = {
  name: 'exitsnoop',
  title: 'ending processes with age and cause',
  shows: 'Every process that ends: how old it was, its exit status, or the signal that ended it.',
  doesNotShow: 'Threads that end before their process. Status, signal, age and parent need a kernel with BTF.',
  overhead: 'One record for a process that ends; too little to measure.',
  shape: 'events',
  probes: [{ kind: 'tracepoint', target: 'sched:sched_process_exit' }],
  fields: [
    timeField,
    commField,
    pidField,
    ppidField,
    { key: 'ageNs', header: 'AGE', kind: 'durationNs', about: 'from start to end', width: 9 },
    { key: 'status', header: 'STATUS', kind: 'integer', about: 'exit status, where it ended by itself', width: 6 },
    { key: 'signal', header: 'SIGNAL', kind: 'signal', about: 'signal that ended it, where one did' },
  ],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  substitutes: { libbpf: ['exitsnoop'], bcc: ['exitsnoop'] },
  program(context) {
    const head = `tracepoint:sched:sched_process_exit${when('pid == tid', ...currentTask(context))}`
    if (!context.btf) return `${head} { print(("gone", nsecs, (uint64)pid, comm)); }\n`
    return `${head} {
  $task = (struct task_struct *)curtask;
  print(("exit", nsecs, (uint64)pid, (uint64)$task->real_parent->tgid, (uint64)$task->exit_code, (uint64)(nsecs - $task->start_time), comm));
}
`
  },
  layouts: { exit: ['time', 'pid', 'ppid', 'code', 'ageNs', 'comm'], gone: ['time', 'pid', 'comm'] },
  reader: () =>
    plainRows(exitsnoop.layouts, row => {
      const code = row['code']
      delete row['code']
      if (typeof code !== 'number') return
      // Source: wait(2). The low seven bits are the signal, the next one says whether there was a core dump.
      const signal = code & 0x7f
      if (signal === 0) row['status'] = (code >> 8) & 0xff
      else row['signal'] = signal
    }),
}
