import { syscallTable } from '../../../kernel/syscall-names.ts'
import { ACCEPTS, PATH_FIRST, PATH_SECOND, SLEEPS, SYNCS, WAITS_FOR_EVENTS } from '../calls.ts'

/** Events that are recorded, each with its filter. Those in `optional` may be missing. */
export interface WantedEvent {
  /** `raw_syscalls/sys_exit`: its folder in tracefs. */
  name: EventName
  filter: string | undefined
  optional?: true
}

export type EventName =
  | 'raw_syscalls/sys_exit'
  | 'raw_syscalls/sys_enter'
  | 'task/task_newtask'
  | 'signal/signal_deliver'
  | 'oom/mark_victim'
  | 'tcp/tcp_retransmit_skb'
  | 'tcp/tcp_receive_reset'
  | 'sock/inet_sock_set_state'

/** Numbers of calls on a machine, by what is counted of them. */
export interface CallNumbers {
  accepts: ReadonlySet<number>
  lookups: ReadonlySet<number>
  polls: ReadonlySet<number>
  sleeps: ReadonlySet<number>
  syncs: ReadonlySet<number>
  futex: number | undefined
  connect: number | undefined
  starts: ReadonlySet<number>
}

/** `machine`: `uname -m`. */
export function callNumbers(machine: string): CallNumbers {
  const numbers = new Map([...syscallTable(machine, 'native')].map(([number, name]) => [name, number]))
  const of = (names: readonly string[]) => new Set(names.flatMap(name => numbers.get(name) ?? []))
  return {
    accepts: of(ACCEPTS),
    lookups: of([...PATH_FIRST, ...PATH_SECOND]),
    polls: of(WAITS_FOR_EVENTS),
    sleeps: of(SLEEPS),
    syncs: of(SYNCS),
    futex: numbers.get('futex'),
    connect: numbers.get('connect'),
    starts: of(['clone', 'clone3', 'fork', 'vfork', 'connect']),
  }
}

/** Signals by which programs crash. */
const CRASHES = [4, 5, 6, 7, 8, 11, 31]
const SYN_SENT = 2
const IPPROTO_TCP = 6

/** What the kernel is to record: calls that fail, and of the others those that are counted. */
export function wantedEvents(calls: CallNumbers): WantedEvent[] {
  const is = (numbers: Iterable<number>) => [...numbers].map(number => `id == ${number}`)
  const counted = is([...calls.accepts, ...calls.lookups, ...calls.polls, ...calls.sleeps, ...calls.syncs])
  const futex = calls.futex === undefined ? [] : is([calls.futex])
  return [
    {
      name: 'raw_syscalls/sys_exit',
      // EINTR and what restarts a call are part of a normal life.
      filter: [`(ret < 0 && ret > -134 && ret != -4)`, ...futex, `(ret >= 0 && (${counted.join(' || ')}))`].join(
        ' || ',
      ),
    },
    { name: 'raw_syscalls/sys_enter', filter: is(calls.accepts).join(' || ') },
    { name: 'task/task_newtask', filter: undefined },
    {
      name: 'signal/signal_deliver',
      filter: `sa_handler == 0 && (${CRASHES.map(signal => `sig == ${signal}`).join(' || ')})`,
    },
    { name: 'oom/mark_victim', filter: undefined, optional: true },
    { name: 'tcp/tcp_retransmit_skb', filter: undefined, optional: true },
    { name: 'tcp/tcp_receive_reset', filter: undefined, optional: true },
    {
      name: 'sock/inet_sock_set_state',
      filter: `protocol == ${IPPROTO_TCP} && (newstate == ${SYN_SENT} || oldstate == ${SYN_SENT})`,
      optional: true,
    },
  ]
}
