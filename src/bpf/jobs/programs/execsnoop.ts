import type { BpfRow } from '../../run/output/row.ts'
import { currentTask, tracepoints, when } from '../condition.ts'
import { commField, errorField, pidField, ppidField, timeField, uidField } from '../fields.ts'
import type { EventJob, ProgramContext } from '../job.ts'
import { rowOf } from '../records.ts'

/** More arguments than that are not shown; a program with more than 20 is refused by the verifier. */
const MAX_ARGUMENTS = 16

export const execsnoop: EventJob = {
  name: 'execsnoop',
  title: 'new processes with their arguments',
  shows: 'Every execve() and execveat(): who ran which program with which arguments, and whether that worked.',
  doesNotShow:
    'Processes that fork and never exec; more than 16 arguments or more than 199 bytes of one. Arguments are what the caller passed: the program may see others when it is a script.',
  overhead: 'Programs are rarely started more than some hundred times a second; too little to measure.',
  shape: 'events',
  probes: [
    { kind: 'tracepoint', target: 'syscalls:sys_enter_execve' },
    { kind: 'tracepoint', target: 'syscalls:sys_exit_execve' },
    { kind: 'tracepoint', target: 'syscalls:sys_enter_execveat', optional: true },
    { kind: 'tracepoint', target: 'syscalls:sys_exit_execveat', optional: true },
  ],
  fields: [
    timeField,
    uidField,
    { ...commField, about: 'name of the task after the exec, before it where the exec failed' },
    pidField,
    ppidField,
    errorField,
    { key: 'args', header: 'ARGS', kind: 'text', about: 'the arguments, separated by blanks; … where more followed' },
  ],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  substitutes: { libbpf: ['execsnoop'], bcc: ['execsnoop'] },
  program(context) {
    // The name changes with the exec: a filter by name means the new one, which only the reader knows.
    const task = currentTask({ ...context, filter: { ...context.filter, comm: undefined } })
    const enters = ['execve', 'execveat'].filter(call => context.hasTracepoint(`syscalls:sys_enter_${call}`))
    return `${(enters.length === 0 ? ['execve'] : enters).map(call => enterProgram(call, task, context)).join('')}
${tracepoints(context, ['syscalls:sys_exit_execve', 'syscalls:sys_exit_execveat'])}${when('@exec[pid]')} {
  print(("done", nsecs, (uint64)pid, (int64)args->ret, comm)); delete(@exec[pid]);
}
`
  },
  reader({ filter }) {
    const open = new Map<number, BpfRow & { argv: string[] }>()
    return {
      take(record) {
        const pid = Number(record[0] === 'arg' ? record[1] : record[2])
        if (record[0] === 'exec') {
          const row = rowOf(record, { exec: ['time', 'pid', 'ppid', 'uid', 'comm'] })!
          if (row['ppid'] === -1) row['ppid'] = undefined
          open.set(pid, { ...row, argv: [] })
        } else if (record[0] === 'arg') {
          open.get(pid)?.argv.push(String(record[2]))
        } else if (record[0] === 'done') {
          const begun = open.get(pid)
          if (begun === undefined) return []
          open.delete(pid)
          const { argv, ...row } = begun
          const returned = Number(record[3])
          if (returned < 0) row['error'] = -returned
          row['comm'] = record[4]
          if (filter.comm !== undefined && row['comm'] !== filter.comm) return []
          const shown = argv.slice(0, MAX_ARGUMENTS)
          row['argv'] = shown
          row['args'] = shown.join(' ') + (argv.length > MAX_ARGUMENTS ? ' …' : '')
          return [row]
        }
        return []
      },
    }
  },
}

/** Arguments come one record each: eight strings in one record are more than the stack of a BPF program holds. */
function enterProgram(call: string, task: readonly string[], { btf }: ProgramContext): string {
  const parent = btf ? '(int64)((struct task_struct *)curtask)->real_parent->tgid' : '(int64)-1'
  return `tracepoint:syscalls:sys_enter_${call}${when(...task)} {
  @exec[pid] = 1;
  print(("exec", nsecs, (uint64)pid, ${parent}, (uint64)uid, comm));
  $i = 0;
  unroll(${MAX_ARGUMENTS + 1}) {
    if (*(args->argv + $i) != 0) { print(("arg", (uint64)pid, str(*(args->argv + $i)))); $i += 1; }
  }
}
`
}
