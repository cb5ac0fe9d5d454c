import type { BpfRow, BpfValue } from '../../run/output/row.ts'
import { currentTask, tracepoints, when } from '../condition.ts'
import { commField, errorField, pidField, ppidField, timeField, uidField } from '../fields.ts'
import type { EventJob, ProgramContext, RowReader, TaskFilter } from '../job.ts'
import { rowOf } from '../records.ts'

/** More arguments than that are not shown; a program with more than 20 is refused by the verifier. */
const MAX_ARGUMENTS = 16

export const execsnoop: EventJob = {
  name: 'execsnoop',
  title: 'new processes with their arguments',
  shows: 'Every execve() and execveat(): who ran which program with which arguments, and whether that worked.',
  doesNotShow:
    'Processes that fork and never exec; more than 16 arguments or more than 199 bytes of one. Arguments are what the caller passed: the program may see others when it is a script. Without BTF, and where the call fails, those the caller never touched before are empty.',
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
  seesOwnExec: true,
  untimedRecords: true,
  substitutes: { libbpf: ['execsnoop'], bcc: ['execsnoop'] },
  program(context) {
    // The name changes with the exec: a filter by name means the new one, which only the reader knows.
    const task = currentTask({ ...context, filter: { ...context.filter, comm: undefined } })
    const enters = ['execve', 'execveat'].filter(call => context.hasTracepoint(`syscalls:sys_enter_${call}`))
    return `${(enters.length === 0 ? ['execve'] : enters).map(call => enterProgram(call, task, context)).join('')}
${tracepoints(context, ['syscalls:sys_exit_execve', 'syscalls:sys_exit_execveat'])}${when('@exec[pid]')} {
  ${context.btf ? FRESH_ARGUMENTS : ''}print(("done", nsecs, (uint64)pid, (int64)args->ret, comm)); delete(@exec[pid]);
}
`
  },
  layouts: {
    exec: ['time', 'pid', 'ppid', 'uid', 'comm'],
    arg: ['pid', 'argument'],
    end: ['pid'],
    new: ['pid', 'count'],
    newarg: ['pid', 'argument'],
    done: ['time', 'pid', 'return', 'comm'],
  },
  reader: ({ filter, program }) => execReader(filter, program === undefined || program.includes('("end"')),
}

/** A call that was begun. */
interface Begun {
  row: BpfRow
  argv: string[]
  /** All its arguments were read. */
  complete: boolean
}

/** A call that has returned, with the arguments the new program got where those of the caller could not all be read. */
interface Returned {
  time: number
  value: number
  comm: BpfValue | undefined
  argv: string[]
  /** How many the new program got. */
  argc: number
}

/**
 * Puts the records of a call together. They may come in another order than they were made: the kernel moves a task to
 * another CPU at its exec, and the CPUs are read one after the other. In old recordings no record ends the arguments.
 */
function execReader({ comm }: TaskFilter, hasEnd: boolean): RowReader {
  const begun = new Map<number, Begun[]>()
  const returned = new Map<number, Returned[]>()
  const renewed = new Map<number, { argc: number; argv: string[] }>()
  const listOf = <T>(map: Map<number, T[]>, pid: number) => {
    const list = map.get(pid) ?? []
    map.set(pid, list)
    return list
  }

  /** The call that a return belongs to: the last one before it. */
  function finished(pid: number): BpfRow[] {
    const calls = listOf(begun, pid)
    const end = listOf(returned, pid)[0]
    const call = calls.findLast(({ row, complete }) => end !== undefined && complete && Number(row['time']) <= end.time)
    if (end === undefined || call === undefined) return []
    returned.get(pid)!.shift()
    calls.splice(calls.indexOf(call), 1)
    if (calls.length === 0) begun.delete(pid)
    if (returned.get(pid)!.length === 0) returned.delete(pid)
    if (comm !== undefined && end.comm !== comm) return []
    const argv = filledIn(call.argv, end)
    const shown = argv.slice(0, MAX_ARGUMENTS)
    const { row } = call
    if (end.value < 0) row['error'] = -end.value
    row['comm'] = end.comm
    row['argv'] = shown
    row['args'] = shown.join(' ') + (argv.length > MAX_ARGUMENTS ? ' …' : '')
    return [row]
  }

  return {
    take(record) {
      const pid = Number(record[['exec', 'done'].includes(String(record[0])) ? 2 : 1])
      switch (record[0]) {
        case 'exec': {
          const row = rowOf(record, execsnoop.layouts)!
          if (row['ppid'] === -1) row['ppid'] = undefined
          listOf(begun, pid).push({ row, argv: [], complete: !hasEnd })
          return hasEnd ? [] : finished(pid)
        }
        case 'arg':
          begun.get(pid)?.at(-1)?.argv.push(String(record[2]))
          return []
        case 'end': {
          const call = begun.get(pid)?.at(-1)
          if (call !== undefined) call.complete = true
          return finished(pid)
        }
        case 'new':
          renewed.set(pid, { argc: Number(record[2]), argv: [] })
          return []
        case 'newarg':
          renewed.get(pid)?.argv.push(String(record[2]))
          return []
        case 'done': {
          const fresh = renewed.get(pid) ?? { argc: 0, argv: [] }
          renewed.delete(pid)
          listOf(returned, pid).push({ time: Number(record[1]), value: Number(record[3]), comm: record[4], ...fresh })
          return finished(pid)
        }
        default:
          return []
      }
    },
  }
}

/**
 * The caller's arguments, with those of the new program where they are empty: memory that the caller never touched cannot
 * be read while it calls. The kernel puts the interpreter of a script and its file in place of the first argument.
 */
function filledIn(argv: readonly string[], { argc, argv: fresh }: Returned): string[] {
  if (argv.length === 0) return [...fresh]
  const shift = argv.length > MAX_ARGUMENTS ? 0 : Math.max(0, argc - argv.length)
  return argv.map((text, i) => (text !== '' || (i === 0 && shift > 0) ? text : (fresh[i + shift] ?? '')))
}

/**
 * What the new program got, where an argument of the caller was empty or not in memory: at the end of the call it is on the
 * new stack, which begins with argc and the pointers. A 32-bit program has both in one word, which is no small number.
 */
const FRESH_ARGUMENTS = `if (@exec[pid] == 2 && args->ret == 0) {
    $stack = ((struct task_struct *)curtask)->mm->start_stack;
    $argc = *(uint64 *)uptr($stack);
    if ($argc < 65536) {
      print(("new", (uint64)pid, $argc));
      $n = (uint64)1;
      unroll(${MAX_ARGUMENTS + 1}) {
        if ($n <= $argc) { print(("newarg", (uint64)pid, str(*(uint64 *)uptr($stack + (uint64)8 * $n)))); $n += (uint64)1; }
      }
    }
  }
  `

/** Arguments come one record each: eight strings in one record are more than the stack of a BPF program holds. */
function enterProgram(call: string, task: readonly string[], { btf }: ProgramContext): string {
  const parent = btf ? '(int64)((struct task_struct *)curtask)->real_parent->tgid' : '(int64)-1'
  return `tracepoint:syscalls:sys_enter_${call}${when(...task)} {
  @exec[pid] = 1;
  print(("exec", nsecs, (uint64)pid, ${parent}, (uint64)uid, comm));
  $i = 0; $empty = (uint64)0;
  unroll(${MAX_ARGUMENTS + 1}) {
    if (*(args->argv + $i) != 0) {
      $empty += ((uint64)*(uint8 *)*(args->argv + $i) - (uint64)1) >> 63;
      print(("arg", (uint64)pid, str(*(args->argv + $i)))); $i += 1;
    }
  }
  if ($i == 0 || $empty > 0) { @exec[pid] = 2; }
  print(("end", (uint64)pid));
}
`
}
