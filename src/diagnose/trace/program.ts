import { syscallTable } from '../../kernel/syscall-names.ts'
import {
  COUNTED_ERRNOS,
  EXAMPLES,
  PATIENCE_MS,
  PRINTED,
  ACCEPTS,
  PATH_FIRST,
  PATH_SECOND,
  RECEIVES,
  SLEEPS,
  SOCKET_CALLS,
  STARTS_PROCESSES,
  SYNCS,
  TINY_BYTES,
  WAITS_FOR_EVENTS,
} from './calls.ts'

/** Failures by ENOENT of one process at which a path is printed. */
const PATH_AT = [400, 800, 1600]
/** Of the arguments of a program so many bytes at their end are printed: what differs stands there. */
const ARGUMENT_BYTES = 63

/** Ends of children of one process that are printed, and programs that they start. */
const ENDS = 40

/**
 * What a futex of a lock holds while a task waits for it: 2 of mutexes (glibc, Go, Rust) and 2 or 3 of read-write locks;
 * musl keeps the highest bit beside the thread. That of a condition or of a semaphore holds 0 or a number that grows.
 */
const LOCK_VALUES = [2, 3]

/** Port 53 as it lies in a sockaddr, read by a machine that is little endian. */
const NAME_SERVER_PORT = 53 << 8

/** struct upid: a number and a pointer. */
const UPID_BYTES = 16

/** How the arguments of a system call are found behind it: the saved registers at the top of the kernel's stack. */
const REGISTERS: Readonly<
  Record<string, { stackBytes: number; number: string; first: string; second: string; third: string }>
> = {
  x86_64: { stackBytes: 16384, number: 'orig_ax', first: 'di', second: 'si', third: 'dx' },
}

export interface ProgramWish {
  /** `uname -m`. */
  machine: string
  /** Number of the pid namespace whose pids are wanted; undefined for those of the machine. */
  pidNamespace: string | undefined
}

/** Tracepoints that the program needs. */
export const TRACEPOINTS = [
  'raw_syscalls:sys_exit',
  'task:task_newtask',
  'signal:signal_deliver',
  'sched:sched_process_exec',
  'sched:sched_process_exit',
  'oom:mark_victim',
  'tcp:tcp_retransmit_skb',
  'sock:inet_sock_set_state',
] as const

/** Whether {@link traceProgram} has a program for a machine. */
export const canTrace = (machine: string): boolean => machine in REGISTERS

/**
 * The one program that a diagnosis attaches: failed system calls with their arguments, and what only events tell. One
 * probe sees every call, since attaching costs more than asking; it takes arguments from the registers that the kernel
 * saved on entry, and uses them only where the number of the call stands there too.
 *
 * Records (fields divided by blanks, byte strings as `%rx`, and only the last as it is): `E` a failed call, `N` a path not found, `S` a fatal signal,
 * `A` a program that was started, `X` the end of a process, `O` a victim of the out-of-memory killer, `Q` a name server
 * that is asked, `C` a connection that failed, `T` the time, after each set of maps.
 */
export function traceProgram({ machine, pidNamespace }: ProgramWish): string {
  const registers = REGISTERS[machine]!
  const numbers = new Map([...syscallTable(machine, 'native')].map(([number, name]) => [name, number]))
  const is = (names: readonly string[]) =>
    names
      .filter(name => numbers.has(name))
      .map(name => `$id == ${numbers.get(name)}`)
      .join(' || ')
  const read = `(struct pt_regs *)((uint64)((struct task_struct *)curtask)->stack + ${registers.stackBytes} - sizeof(struct pt_regs))`
  const pid = pidNamespace === undefined ? 'pid' : '$pid'
  /** Puts the pid of a task as the namespace counts it into `variable`; 0 where it is outside. */
  const pidInside = (task: string, variable: string) => `$${variable} = (uint64)0;
  $tp = ${task}->group_leader->thread_pid;
  if ((uint64)$tp->level >= @level) {
    $up = (struct upid *)((uint64)$tp + sizeof(struct pid) + ${UPID_BYTES} * @level);
    if ($up->ns->ns.inum == ${Number(pidNamespace)}) { $${variable} = (uint64)$up->nr; }
  }
`
  /** Nothing is counted of a process outside. */
  const inside =
    pidNamespace === undefined
      ? ''
      : `${pidInside('((struct task_struct *)curtask)', 'pid')}  if ($pid == 0) { return; }
  `
  const parent =
    pidNamespace === undefined ? '$parent = (uint64)$t->real_parent->tgid;' : pidInside('$t->real_parent', 'parent')
  return `${pidNamespace === undefined ? '' : 'BEGIN { @level = (uint64)((struct task_struct *)curtask)->thread_pid->level; }\n'}tracepoint:raw_syscalls:sys_exit {
  $id = (int64)args->id; $ret = (int64)args->ret;
  if ($ret < 0) {
    if ($ret == -2) {
      ${inside}@missing[${pid}] = @missing[${pid}] + 1;
      if (${PATH_AT.map(at => `@missing[${pid}] == ${at}`).join(' || ')}) {
        $r = ${read};
        if ((int64)$r->${registers.number} == $id) {
          if (${is(PATH_FIRST)}) { printf("N %d %rx\\n", ${pid}, buf(uptr($r->${registers.first}), 63)); }
          else { if (${is(PATH_SECOND)}) { printf("N %d %rx\\n", ${pid}, buf(uptr($r->${registers.second}), 63)); } }
        }
      }
    } else {
      if (${Object.keys(COUNTED_ERRNOS)
        .filter(number => number !== '110')
        .map(number => `$ret == -${number}`)
        .join(' || ')} || ($ret == -110 && $id == ${numbers.get('connect')})) {
        ${inside}@failed[${pid}, $id, $ret] = count();
        if ($ret != -11 || ${is([...STARTS_PROCESSES, 'connect'])}) {
          @shown[${pid}, $id, $ret] = @shown[${pid}, $id, $ret] + 1;
          if (@shown[${pid}, $id, $ret] <= ${EXAMPLES}) {
            $t = (struct task_struct *)curtask;
            ${parent}
            $r = ${read};
            printf("E %d %d %d %d %u %d %d %rx %rx %rx %d\\n", ${pid}, $id, $ret, $parent, $t->nsproxy->net_ns->ns.inum, (int64)$r->${registers.number} == $id, $r->${registers.first}, buf($t->comm, 16), buf($t->real_parent->comm, 16), buf(uptr($r->${registers.second}), 60), $r->${registers.third});
          }
        }
      }
    }
  } else {
    if (${is(WAITS_FOR_EVENTS)}) { ${inside}if ($ret == 0) { @empty[${pid}] = count(); } else { @ready[${pid}] = count(); } }
    if (${is([...PATH_FIRST, ...PATH_SECOND])}) { ${inside}@found[${pid}] = count(); }
    if ($ret == 0 && (${is(SLEEPS)})) { ${inside}@slept[${pid}] = count(); }
    if ($ret > 0 && $ret <= ${TINY_BYTES} && (${is(SOCKET_CALLS)})) {
      ${inside}$r = ${read};
      if ((uint64)$r->${registers.third} <= ${TINY_BYTES}) { @tiny[${pid}] = count(); }
    }
    if (${is(ACCEPTS)}) {
      ${inside}$r = ${read};
      @accepted[${pid}, $r->${registers.first}] = count();
    }
    if ($ret == 0 && $id == ${numbers.get('connect')}) {
      ${inside}$r = ${read};
      $end = *(uint32 *)uptr($r->${registers.second});
      if ((int64)$r->${registers.number} == $id && ($end >> 16) == ${NAME_SERVER_PORT} && (($end & 0xffff) == 2 || ($end & 0xffff) == 10)) {
        @asked[${pid}] = @asked[${pid}] + 1;
        if (@asked[${pid}] <= ${EXAMPLES}) {
          $t = (struct task_struct *)curtask;
          ${parent}
          printf("Q %d %d %u %rx %rx %rx\\n", ${pid}, $parent, $t->nsproxy->net_ns->ns.inum, buf($t->group_leader->comm, 16), buf($t->real_parent->comm, 16), buf(uptr($r->${registers.second}), 28));
        }
      }
    }
    if (${is(SYNCS)}) { ${inside}@synced[${pid}] = count(); }
    if ($ret >= 12 && $ret <= 512 && (${is(RECEIVES)})) {
      $r = ${read};
      $at = (uint64)$r->${registers.second};
      if ($id == ${numbers.get('recvmsg')}) { $iov = *(uint64 *)uptr($at + 16); $at = *(uint64 *)uptr($iov); }
      $head = *(uint64 *)uptr($at);
      if ((($head >> 32) & 0xffff) == 0x100 && (($head >> 23) & 1) == 1) {
        ${inside}@answered[${pid}, $r->${registers.first}] = count();
        if ((($head >> 24) & 15) == 3) { @nxdomain[${pid}] = count(); }
      }
    }
  }
  if ($id == ${numbers.get('futex')}) { ${inside}@futex[${pid}] = count();
    if ($ret == -110) { @expired[${pid}] = count(); }
    $r = ${read};
    $op = (uint64)$r->${registers.second} & 127; $val = (uint64)$r->${registers.third} & 0xffffffff;
    if (($op == 0 || $op == 9) && (${LOCK_VALUES.map(value => `$val == ${value}`).join(' || ')} || ($val >= 0x80000000 && $val < 0x80400000))) { @locked[${pid}] = count(); }
    if ($op == 6 || $op == 13) { @locked[${pid}] = count(); }
  }
}
tracepoint:task:task_newtask /(args->clone_flags & 0x10000) == 0/ {
  ${inside}@forks[${pid}] = count();
}
tracepoint:signal:signal_deliver /args->sa_handler == 0 && (args->sig == 4 || args->sig == 5 || args->sig == 6 || args->sig == 7 || args->sig == 8 || args->sig == 11 || args->sig == 31)/ {
  $t = (struct task_struct *)curtask;
  ${inside}${parent}
  printf("S %d %d %d %rx %rx\\n", ${pid}, args->sig, $parent, buf($t->comm, 16), buf($t->real_parent->comm, 16));
}
tracepoint:sched:sched_process_exec {
  $t = (struct task_struct *)curtask;
  ${inside}${parent}
  @begun[$parent] = @begun[$parent] + 1;
  if (@begun[$parent] <= ${ENDS}) {
    $bytes = (uint64)$t->mm->arg_end - (uint64)$t->mm->arg_start;
    $from = (uint64)$t->mm->arg_start;
    if ($bytes > ${ARGUMENT_BYTES}) { $from = (uint64)$t->mm->arg_end - ${ARGUMENT_BYTES}; }
    printf("A %d %d %rx\\n", ${pid}, $bytes, buf(uptr($from), ${ARGUMENT_BYTES}));
  }
}
tracepoint:sched:sched_process_exit /pid == tid/ {
  $t = (struct task_struct *)curtask;
  $status = (uint64)$t->exit_code;
  ${inside}${parent}
  @ended[$parent] = @ended[$parent] + 1;
  if (@ended[$parent] <= ${ENDS}) {
    printf("X %d %d %d %d %rx %rx %d\\n", ${pid}, $status, $parent, (nsecs - $t->start_time) / 1000000, buf($t->comm, 16), buf($t->real_parent->comm, 16), nsecs / 1000000);
  }
}
tracepoint:oom:mark_victim {
  $t = (struct task_struct *)curtask;
  ${inside}${parent}
  // The task that runs out of memory is mostly the victim; of another one its number in the namespace is not known.
  $victim = (uint64)args->pid == (uint64)pid ? (uint64)${pid} : (uint64)${pidNamespace === undefined ? 'args->pid' : '0'};
  printf("O %d %d %d %rx %rx\\n", $victim, ${pid}, $parent, buf($t->comm, 16), buf($t->real_parent->comm, 16));
}
tracepoint:tcp:tcp_retransmit_skb { @again[args->state, args->sport, args->dport] = count(); }
tracepoint:sock:inet_sock_set_state /args->protocol == 6 && (args->newstate == 2 || args->oldstate == 2)/ {
  $sk = (uint64)args->skaddr;
  if (args->newstate == 2) {
    $t = (struct task_struct *)curtask;
    ${parent}
    ${inside}@connecting[$sk] = (uint64)${pid}; @connector[$sk] = comm; @began[$sk] = nsecs;
    @starter[$sk] = $parent; @starterName[$sk] = buf($t->real_parent->comm, 16);
  } else {
    if (args->newstate == 7 && @connecting[$sk] != 0) {
      $error = (uint64)((struct sock *)args->skaddr)->sk_err;
      $who = @connecting[$sk];
      if ($error != 0 || nsecs - @began[$sk] >= ${PATIENCE_MS}000000) {
        @unconnected[$who, $error, (uint64)args->dport] = count();
        @unconnectedShown[$who, $error, (uint64)args->dport] = @unconnectedShown[$who, $error, (uint64)args->dport] + 1;
        if (@unconnectedShown[$who, $error, (uint64)args->dport] <= ${EXAMPLES}) {
          printf("C %d %d %d %d %u %rx %rx %d %rx %s\\n", $who, $error, args->family, args->dport, ((struct sock *)args->skaddr)->__sk_common.skc_net.net->ns.inum, buf(args->daddr, 4), buf(args->daddr_v6, 16), @starter[$sk], @starterName[$sk], @connector[$sk]);
        }
      }
    }
    delete(@connecting[$sk]); delete(@connector[$sk]); delete(@began[$sk]); delete(@starter[$sk]); delete(@starterName[$sk]);
  }
}
interval:ms:500 {
  ${PRINTED.map(name => `print(@${name});`).join(' ')}
  printf("T %llu\\n", nsecs);
}
`
}
