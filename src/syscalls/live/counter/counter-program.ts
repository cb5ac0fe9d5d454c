import { COMPAT_BIT, COUNTED_RESULT, TID_BITS } from './counter-key.ts'
import { isKind, KIND } from '../../../kernel/syscall-kind.ts'
import { syscallTable } from '../../../kernel/syscall-names.ts'
import { exec, follows, fork, member, type CounterSpec } from './counter-target.ts'
import { numberLiteral } from '../../../children/literal.ts'

/** Probes of the largest program: bpftrace needs about 65 ms to detach each, and prints its maps only then. */
export const COUNTER_PROBES = 13

/**
 * How the kernel marks a thread that is in a 32-bit call. x86: TS_COMPAT in thread_info.status; arm64: TIF_32BIT in
 * thread_info.flags. Source: arch/x86/include/asm/thread_info.h, arch/arm64/include/asm/thread_info.h.
 */
const IN_COMPAT_CALL: Readonly<Record<string, string>> = {
  x86_64: '((struct task_struct *)curtask)->thread_info.status & 2',
  aarch64: '((struct task_struct *)curtask)->thread_info.flags & 0x400000',
}

/**
 * The bpftrace program that counts system calls in the kernel: per call (and thread) the number, wall time, shortest,
 * longest, a log-linear histogram, results and errnos. Read by counter-output.ts, which knows its maps.
 *
 * Runs on bpftrace 0.17 to 0.27. What is odd in it is so for a reason:
 * - the number is kept from the entry: at the exit it is -1 after rt_sigreturn, and that of another table after execve;
 * - own buckets, and a clamped min(): hist() of 0.17 is 32 bits wide and signed, and its min() ends at 4.29 s;
 * - sys_enter stands before sys_exit, since probes are detached in this order: calls begun after the one is gone would
 *   otherwise look as if they had never ended;
 * - the tick comes last: when it fires every other probe is live, which no message of bpftrace before 0.24 tells.
 */
export function syscallCounter(spec: CounterSpec): string {
  return [
    begin(spec),
    ...(spec.target.heldPid === undefined ? [SEEN] : []),
    enter(spec),
    exit(spec),
    ...(spec.systemTime ? [SWITCHED] : []),
    leave(spec),
    exec(spec),
    ...(follows(spec) ? [fork(spec)] : []),
    READY,
    ...(spec.intervalMs === undefined ? [] : [interval(spec, spec.intervalMs)]),
    end(spec),
  ].join('\n')
}

function begin(spec: CounterSpec): string {
  const members = follows(spec)
    ? (spec.target.pids ?? []).map(pid => `@member[(uint64)${numberLiteral(pid)}] = 1;`)
    : []
  // The first use of a map must show its type; no call is ever begun by the idle task, which is 0.
  const waited = spec.systemTime ? '@waited[(uint64)0] = (uint64)0;' : ''
  return `BEGIN { @self[pid] = 1; @ready = 0; @seen = (uint64)nsecs; ${members.join(' ')} ${waited} }`
}

function enter(spec: CounterSpec): string {
  const compat = IN_COMPAT_CALL[spec.machine]
  const number =
    compat === undefined
      ? '$n = (uint64)args->id;'
      : `$n = (uint64)args->id & 0x7fffffff; if (${compat}) { $n = $n | ${COMPAT_BIT}; }`
  const begun = '@begun[tid] = ((uint64)nsecs, $n);'
  const { only } = spec
  const wanted = only?.numbers.map(wantedNumber => `$n == ${numberLiteral(wantedNumber)}`).join(' || ') || '0'
  return `
tracepoint:raw_syscalls:sys_enter /${spec.target.heldPid === undefined ? `(${member(spec)}) && @ready` : member(spec)}/ {
  ${number}
  ${only === undefined ? begun : `if (${only.except ? `!(${wanted})` : wanted}) { ${begun} }`}
}`
}

/** Keys of the maps: the thread first where threads are kept apart. */
function key({ byThread }: CounterSpec): string {
  return byThread ? '$who, $n' : '$n'
}

function exit(spec: CounterSpec): string {
  const k = key(spec)
  const moving = bytesMovers(spec.machine).map(number => `$n == ${number}`)
  return `
tracepoint:raw_syscalls:sys_exit {
  $begun = @begun[tid];
  if ($begun.0) {
    $d = (uint64)nsecs - (uint64)$begun.0;
    $n = (uint64)$begun.1;
    ${spec.byThread ? `$who = ((uint64)pid << ${TID_BITS}) | (uint64)tid;` : ''}
    $v = $d; $m = (uint64)0;
    if ($v >> 32) { $m = $m + 32; $v = $v >> 32; }
    if ($v >> 16) { $m = $m + 16; $v = $v >> 16; }
    if ($v >> 8) { $m = $m + 8; $v = $v >> 8; }
    if ($v >> 4) { $m = $m + 4; $v = $v >> 4; }
    if ($v >> 2) { $m = $m + 2; $v = $v >> 2; }
    if ($v >> 1) { $m = $m + 1; }
    $bucket = $d;
    if ($m >= 3) { $bucket = ($m << 3) | (($d >> ($m - 3)) & 7); }
    $result = (uint64)${COUNTED_RESULT.more};
    if (args->ret < 0) { if (args->ret > -${COUNTED_RESULT.one}) { $result = (uint64)(0 - args->ret); } }
    else {
      if (args->ret == 0) { $result = (uint64)${COUNTED_RESULT.zero}; }
      else {
        if (args->ret == 1) { $result = (uint64)${COUNTED_RESULT.one}; }
        else { if (${moving.join(' || ') || '0'}) { @moved[${k}] = sum((uint64)args->ret); } }
      }
    }
    @calls[${k}, $result, $bucket] = count();
    @wall[${k}] = sum($d);
    @max[${k}] = max($d);
    @min[${k}] = min($d > 4294967294 ? (uint64)4294967294 : $d);${
      spec.systemTime
        ? `
    $waited = (uint64)@waited[tid];
    if ($waited) { @away[${k}] = sum($waited); delete(@waited[tid]); }`
        : ''
    }
    delete(@begun[tid]);
  }
}`
}

function bytesMovers(machine: string): number[] {
  return [...syscallTable(machine, 'native')]
    .filter(([, name]) => isKind(name, KIND.reads | KIND.writes))
    .map(([number]) => number)
}

/** How long a thread was off the CPU inside a call: what is left of its wall time is system time. */
const SWITCHED = `
tracepoint:sched:sched_switch {
  $prev = (uint64)args->prev_pid; $next = (uint64)args->next_pid;
  if (@begun[$prev].0) { @left[$prev] = (uint64)nsecs; }
  $since = (uint64)@left[$next];
  if ($since) { @waited[$next] = (uint64)@waited[$next] + (uint64)nsecs - $since; delete(@left[$next]); }
}`

/** exit and exit_group never return, nor does a call its thread is killed in. */
function leave(spec: CounterSpec): string {
  const announced = spec.byThread ? `print(("exit", (uint64)nsecs, (uint64)pid, (uint64)tid, comm));` : ''
  return `
tracepoint:sched:sched_process_exit /@begun[tid].0/ {
  $n = (uint64)@begun[tid].1;
  @never[$n] = count();
  delete(@begun[tid]);${spec.systemTime ? '\n  if (@waited[tid]) { delete(@waited[tid]); }' : ''}
  ${announced}
}
${spec.followChildren ? 'tracepoint:sched:sched_process_free /@member[(uint64)args->pid]/ { delete(@member[(uint64)args->pid]); }' : ''}`
}

const COUNTED = ['calls', 'wall', 'max', 'min', 'moved', 'never'] as const

function counted(spec: CounterSpec): readonly string[] {
  return spec.systemTime ? [...COUNTED, 'away'] : COUNTED
}

/**
 * Until when the probes were surely there: the first to be detached, next to sys_enter. A bpftrace that gets no CPU may
 * count for seconds after it was asked to stop.
 */
const SEEN = `
interval:ms:50 { @seen = (uint64)nsecs; }`

/** The tick by which all other probes are live. Running targets are counted from then on, so that counts and duration fit. */
const READY = `
interval:ms:20 /!@ready/ { @ready = 1; print(("ready", (uint64)nsecs)); }`

function interval(spec: CounterSpec, intervalMs: number): string {
  return `
interval:ms:${numberLiteral(intervalMs)} /@ready/ {
  ${counted(spec)
    .map(map => `print(@${map});`)
    .join(' ')}
  print(("tick", (uint64)nsecs));
}`
}

function end(spec: CounterSpec): string {
  const working = ['self', 'ready', 'begun', ...(spec.systemTime ? ['left', 'waited'] : [])]
  const members = follows(spec) ? 'print(@member); clear(@member);' : ''
  return `
END {
  ${counted(spec)
    .map(map => `print(@${map}); clear(@${map});`)
    .join(' ')}
  print(@begun); ${members}
  ${working.map(map => `clear(@${map});`).join(' ')}
  print(("end", (uint64)nsecs, (uint64)@seen));
  clear(@seen);
}`
}
