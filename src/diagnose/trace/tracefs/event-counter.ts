import { formatIp } from '../../../kernel/ip-address.ts'
import { signalName } from '../../../kernel/signals.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { CallExample, Death, FailedConnect, OomVictim, Trace } from '../../observed/traced.ts'
import { buildTrace } from '../build-trace.ts'
import { COUNTED_ERRNOS, EXAMPLES, PATIENCE_MS } from '../calls.ts'
import { bucketCounts } from './bucket-counts.ts'
import type { EventFormat } from './event-format.ts'
import { callNumbers, type EventName } from './events.ts'

/** Who a task is; of one that is gone only what other events told. */
export interface Task {
  pid: number
  comm: string
  parentPid: number
  parentComm: string
  /** `net:[N]`. */
  netns: string
}

export interface CounterOptions {
  /** `uname -m`. */
  machine: string
  formats: ReadonlyMap<EventName, EventFormat>
  /** Who runs as a task; undefined where it is gone. */
  find: (tid: number) => Task | undefined
  /** The name of a task that is gone, where the kernel kept it. */
  nameOf: (tid: number) => string | undefined
  /** In which step of time it is now. */
  step: () => number
}

export interface EventCounter {
  /** Takes one record of the ring buffer. */
  take(page: Buffer, at: number, end: number, ns: number): void
  /** Takes what has to be in order; after all pages of a round. */
  settle(): void
  trace(durationMs: number): Trace
}

const AF_INET = 2
const ENOENT = 2
const EAGAIN = 11
const ETIMEDOUT = 110
const ECONNREFUSED = 111
const CLONE_THREAD = 0x10000n
/** Calls of which processes and errors are told; see MOST_EXAMPLES of the reader of bpftrace. */
const MOST_EXAMPLES = 8192
/** Tasks that are remembered. */
const MOST_TASKS = 65_536

/** Counts records of tracefs as the program of bpftrace counts in the kernel. Pure, but for what `options` ask. */
export function eventCounter({ machine, formats, find, nameOf, step }: CounterOptions): EventCounter {
  const calls = callNumbers(machine)
  const counts = bucketCounts(step)
  const tasks = new Map<number, Task>()
  const parents = new Map<number, { pid: number; comm: string; isThread: boolean }>()
  const accepting = new Map<number, number>()
  const examples = new Map<string, CallExample[]>()
  const connects = new Map<string, Omit<FailedConnect, 'count'>>()
  const deaths: Death[] = []
  const victims: OomVictim[] = []
  const connecting = new Map<string, { task: Task; ns: number }>()
  const refused = new Set<string>()
  let later: { ns: number; go: () => void }[] = []

  function who(tid: number): Task {
    const known = tasks.get(tid)
    if (known !== undefined) return known
    const parent = parents.get(tid)
    // Of a thread that is gone the process may be there.
    const task = find(tid) ?? (parent?.isThread ? find(parent.pid) : undefined) ?? gone(tid, parent)
    if (tasks.size >= MOST_TASKS) tasks.clear()
    tasks.set(tid, task)
    return task
  }

  function gone(tid: number, parent: { pid: number; comm: string; isThread: boolean } | undefined): Task {
    const comm = nameOf(tid) ?? ''
    const nobody = { parentPid: 0, parentComm: '', netns: '' }
    if (parent === undefined) return { pid: tid, comm, ...nobody }
    if (parent.isThread) return { pid: parent.pid, comm: parent.comm, ...nobody }
    return { pid: tid, comm, parentPid: parent.pid, parentComm: parent.comm, netns: tasks.get(parent.pid)?.netns ?? '' }
  }

  function failed(tid: number, id: number, result: number): void {
    const task = who(tid)
    const { pid } = task
    if (result === -ENOENT) {
      counts.add('missing', pid)
      return
    }
    if (!((-result) in COUNTED_ERRNOS) || (result === -ETIMEDOUT && id !== calls.connect)) return
    const times = counts.add('failed', pid, id, result)
    if (times > EXAMPLES || examples.size >= MOST_EXAMPLES || (result === -EAGAIN && !calls.starts.has(id))) return
    const { comm, parentPid, parentComm, netns } = task
    const key = `${pid} ${id} ${result}`
    examples.set(key, [...(examples.get(key) ?? []), { comm, parentPid, parentComm, netns }])
  }

  function returned(tid: number, id: number, result: number): void {
    if (result < 0) failed(tid, id, result)
    else if (calls.polls.has(id)) counts.add(result === 0 ? 'empty' : 'ready', who(tid).pid)
    else if (calls.lookups.has(id)) counts.add('found', who(tid).pid)
    else if (calls.syncs.has(id)) counts.add('synced', who(tid).pid)
    else if (calls.sleeps.has(id) && result === 0) counts.add('slept', who(tid).pid)
    else if (calls.accepts.has(id) && accepting.has(tid)) counts.add('accepted', who(tid).pid, accepting.get(tid)!)
    if (id !== calls.futex) return
    counts.add('futex', who(tid).pid)
    if (result === -ETIMEDOUT) counts.add('expired', who(tid).pid)
  }

  type Taker = (read: Reader, tid: number, ns: number) => void
  const takers: Record<EventName, Taker> = {
    'raw_syscalls/sys_exit': (read, tid) => returned(tid, read.number('id'), read.number('ret')),
    'raw_syscalls/sys_enter': (read, tid) => {
      if (accepting.size >= MOST_TASKS) accepting.clear()
      accepting.set(tid, read.word('args'))
    },
    'task/task_newtask': (read, tid) => {
      const isThread = (BigInt(read.number('clone_flags')) & CLONE_THREAD) !== 0n
      const { pid } = who(tid)
      if (!isThread) counts.add('forks', pid)
      if (parents.size >= MOST_TASKS) parents.clear()
      // At its birth a task is called as its parent.
      parents.set(read.number('pid'), { pid, comm: read.text('comm'), isThread })
    },
    'signal/signal_deliver': (read, tid) => {
      const { pid, comm, parentPid, parentComm } = who(tid)
      deaths.push({ pid, comm, signal: signalName(read.number('sig')), parentPid, parentComm })
    },
    'oom/mark_victim': read => {
      const { pid, comm, parentPid, parentComm } = who(read.number('pid'))
      victims.push({ pid, comm, parentPid, parentComm })
    },
    'tcp/tcp_retransmit_skb': read => {
      counts.add('again', read.number('state'), read.number('sport'), read.number('dport'))
    },
    'tcp/tcp_receive_reset': (read, _, ns) => {
      const socket = read.text('skaddr')
      later.push({ ns, go: () => connecting.has(socket) && refused.add(socket) })
    },
    'sock/inet_sock_set_state': (read, tid, ns) => {
      const socket = read.text('skaddr')
      if (read.number('newstate') === TCP_STATE.synSent) {
        const task = who(tid)
        later.push({ ns, go: () => connecting.set(socket, { task, ns }) })
        return
      }
      const hasFailed = read.number('newstate') === TCP_STATE.close
      const port = read.number('dport')
      const address = formatIp(read.bytes(read.number('family') === AF_INET ? 'daddr' : 'daddr_v6'))
      later.push({ ns, go: () => ended(socket, hasFailed, address, port, ns) })
    },
  }

  function ended(socket: string, hasFailed: boolean, address: string, port: number, ns: number): void {
    const begun = connecting.get(socket)
    const isRefused = refused.delete(socket)
    connecting.delete(socket)
    if (!hasFailed || begun === undefined) return
    if (!isRefused && ns - begun.ns < PATIENCE_MS * 1e6) return
    const { pid, comm, parentPid, parentComm, netns } = begun.task
    const error = isRefused ? ECONNREFUSED : 0
    counts.add('unconnected', pid, error, port)
    connects.set(`${pid} ${error} ${port}`, {
      pid,
      ...(isRefused && { error: 'ECONNREFUSED' }),
      address,
      port,
      netns,
      parentPid,
      parentComm,
      comm,
    })
  }

  const byId = new Map([...formats].map(([name, format]) => [format.id, { format, taker: takers[name] }]))
  return {
    take(page, at, end, ns) {
      const event = byId.get(page.readUInt16LE(at))
      if (event === undefined) return
      const read = reader(page, at, end, event.format)
      event.taker(read, read.number('common_pid'), ns)
    },
    settle() {
      // Processors are read one after the other: what belongs together is put into its order.
      for (const { go } of later.toSorted((a, b) => a.ns - b.ns)) go()
      later = []
    },
    trace(durationMs) {
      const none = { paths: new Map(), questions: new Map(), ends: [] }
      const trace = buildTrace(machine, counts.totals(durationMs), { ...none, examples, connects, deaths, victims })
      // What was not counted is not known to be nothing.
      const { tinyMessages: _, lockWaits: __, questions: ___, answers: ____, ends: _____, ...counted } = trace
      return counted
    },
  }
}

interface Reader {
  /** A number; 0 where the field is absent. */
  number(field: string): number
  /** The first eight bytes of a field, exact up to 2^53. */
  word(field: string): number
  bytes(field: string): Buffer
  /** Up to the first NUL; all bytes of a pointer. */
  text(field: string): string
}

function reader(page: Buffer, at: number, end: number, { fields }: EventFormat): Reader {
  const bytes = (name: string) => {
    const field = fields.get(name)
    return field === undefined
      ? page.subarray(0, 0)
      : page.subarray(at + field.at, Math.min(end, at + field.at + field.bytes))
  }
  return {
    bytes,
    number(name) {
      const field = fields.get(name)
      if (field === undefined || at + field.at + field.bytes > end) return 0
      switch (field.bytes) {
        case 8:
          return page.readInt32LE(at + field.at + 4) * 2 ** 32 + page.readUInt32LE(at + field.at)
        case 4:
          return page.readInt32LE(at + field.at)
        case 2:
          return page.readUInt16LE(at + field.at)
        default:
          return page[at + field.at]!
      }
    },
    word(name) {
      const value = bytes(name)
      return value.length < 8 ? 0 : value.readUInt32LE(4) * 2 ** 32 + value.readUInt32LE(0)
    },
    text(name) {
      const value = bytes(name).toString('latin1')
      return name === 'comm' ? value.split('\0')[0]! : value
    },
  }
}
