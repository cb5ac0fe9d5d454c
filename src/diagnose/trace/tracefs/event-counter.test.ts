import { beforeEach, expect, test } from 'vitest'
import { eventCounter, type EventCounter, type Task } from './event-counter.ts'
import type { EventFormat } from './event-format.ts'
import type { EventName } from './events.ts'

type Field = [name: string, bytes: number]
const COMMON: Field[] = [
  ['common_type', 2],
  ['common_flags', 2],
  ['common_pid', 4],
]
const LAYOUT: Record<EventName, Field[]> = {
  'raw_syscalls/sys_exit': [
    ['id', 8],
    ['ret', 8],
  ],
  'raw_syscalls/sys_enter': [
    ['id', 8],
    ['args', 48],
  ],
  'task/task_newtask': [
    ['pid', 4],
    ['comm', 16],
    ['clone_flags', 8],
  ],
  'signal/signal_deliver': [['sig', 4]],
  'oom/mark_victim': [['pid', 4]],
  'tcp/tcp_retransmit_skb': [
    ['state', 4],
    ['sport', 2],
    ['dport', 2],
  ],
  'tcp/tcp_receive_reset': [['skaddr', 8]],
  'sock/inet_sock_set_state': [
    ['skaddr', 8],
    ['oldstate', 4],
    ['newstate', 4],
    ['dport', 2],
    ['family', 2],
    ['daddr', 4],
    ['daddr_v6', 16],
  ],
}
const NAMES = Object.keys(LAYOUT) as EventName[]
const formats = new Map<EventName, EventFormat>(
  NAMES.map((name, id) => {
    let at = 0
    const fields = [...COMMON, ...LAYOUT[name]].map(([field, bytes]): [string, { at: number; bytes: number }] => {
      at += bytes
      return [field, { at: at - bytes, bytes }]
    })
    return [name, { id, fields: new Map(fields) }]
  }),
)

const READ = 0
const FUTEX = 202
const ACCEPT = 43
const FSYNC = 74
const EPOLL_WAIT = 232
const OPENAT = 257
const NANOSLEEP = 35
const CLONE = 56

let living: Map<number, Task>
let names: Map<number, string>
let step: number
let counter: EventCounter

beforeEach(() => {
  const task = (pid: number, comm: string): Task => ({ pid, comm, parentPid: 1, parentComm: 'init', netns: 'net:[5]' })
  living = new Map([
    [7, task(7, 'app')],
    [8, task(7, 'app')],
    [20, task(20, 'shell')],
  ])
  names = new Map()
  step = 0
  counter = eventCounter({
    machine: 'x86_64',
    formats,
    find: tid => living.get(tid),
    nameOf: tid => names.get(tid),
    step: () => step,
  })
})

function happen(name: EventName, tid: number, values: Record<string, number | string | number[]> = {}, ns = 0): void {
  const { id, fields } = formats.get(name)!
  const record = Buffer.alloc([...fields.values()].reduce((end, { at, bytes }) => Math.max(end, at + bytes), 0))
  for (const [field, value] of Object.entries({ common_type: id, common_pid: tid, ...values })) {
    const { at, bytes } = fields.get(field)!
    if (typeof value === 'string') record.write(value, at, 'latin1')
    else if (Array.isArray(value)) Buffer.from(value).copy(record, at)
    else if (bytes === 8) record.writeBigInt64LE(BigInt(value), at)
    else if (bytes === 48) record.writeBigInt64LE(BigInt(value), at)
    else if (bytes === 4) record.writeInt32LE(value, at)
    else record.writeUInt16LE(value, at)
  }
  const page = Buffer.concat([Buffer.alloc(16), record])
  counter.take(page, 16, page.length, ns)
}

const exits = (tid: number, id: number, ret: number, times = 1) => {
  for (let time = 0; time < times; time += 1) happen('raw_syscalls/sys_exit', tid, { id, ret })
}

test('calls that fail count for the process of the thread, with who it is the first times', () => {
  exits(7, OPENAT, -24, 3)
  step = 1
  exits(8, OPENAT, -24, 2)
  exits(7, READ, -11)
  exits(7, READ, -14)
  exits(7, READ, -110)
  const { failures } = counter.trace(1000)
  expect(failures).toEqual([
    {
      pid: 7,
      call: 'openat',
      error: 'EMFILE',
      count: 5,
      early: 3,
      examples: Array.from({ length: 3 }, () => ({ comm: 'app', parentPid: 1, parentComm: 'init', netns: 'net:[5]' })),
    },
    { pid: 7, call: 'read', error: 'EAGAIN', count: 1, early: 0, examples: [] },
  ])
})

test('of calls that do not fail it is counted what says something', () => {
  exits(7, OPENAT, -2, 4)
  exits(7, OPENAT, 5, 2)
  exits(7, EPOLL_WAIT, 0, 3)
  exits(7, EPOLL_WAIT, 1)
  exits(7, FSYNC, 0, 5)
  exits(7, NANOSLEEP, 0)
  exits(7, FUTEX, 0, 2)
  exits(7, FUTEX, -110)
  const trace = counter.trace(1000)
  expect(trace.notFound).toEqual([{ pid: 7, halves: [0, 4], paths: [] }])
  expect(trace).toMatchObject({
    found: { 7: [0, 2] },
    emptyPolls: { 7: [0, 3] },
    readyPolls: { 7: [0, 1] },
    syncCalls: { 7: [0, 5] },
    sleeps: { 7: [0, 1] },
    futexCalls: { 7: [0, 3] },
    futexTimeouts: { 7: [0, 1] },
  })
  expect(Object.keys(trace)).not.toContain('lockWaits')
  expect(Object.keys(trace)).not.toContain('tinyMessages')
})

test('accept with the descriptor that it was called with', () => {
  happen('raw_syscalls/sys_enter', 8, { id: ACCEPT, args: 4 })
  exits(8, ACCEPT, 9)
  exits(7, ACCEPT, 9)
  expect(counter.trace(1).accepts).toEqual([{ pid: 7, fd: 4, count: 1 }])
})

test('who starts processes; threads are none; who is gone has the name the kernel kept, and a parent', () => {
  happen('task/task_newtask', 20, { pid: 30, comm: 'shell\0', clone_flags: 0x11 })
  happen('task/task_newtask', 20, { pid: 31, comm: 'shell\0', clone_flags: 0x10f00 })
  names.set(30, 'curl')
  exits(30, CLONE, -11)
  exits(31, CLONE, -11)
  const { forks, failures } = counter.trace(1)
  expect(forks).toEqual({ 20: [0, 1] })
  expect(failures.map(({ pid, examples }) => [pid, examples[0]])).toEqual([
    [30, { comm: 'curl', parentPid: 20, parentComm: 'shell', netns: 'net:[5]' }],
    [20, { comm: 'shell', parentPid: 1, parentComm: 'init', netns: 'net:[5]' }],
  ])
})

const SOCKET = [1, 2, 3, 4, 5, 6, 7, 255]
const connect = (ns: number) => happen('sock/inet_sock_set_state', 7, { skaddr: SOCKET, newstate: 2 }, ns)
const reset = (ns: number) => happen('tcp/tcp_receive_reset', 0, { skaddr: SOCKET }, ns)
const end = (newstate: number, ns: number) => {
  const address = { daddr: [192, 0, 2, 1], family: 2, dport: 5432 }
  happen('sock/inet_sock_set_state', 0, { skaddr: SOCKET, oldstate: 2, newstate, ...address }, ns)
}
const REFUSED = { pid: 7, error: 'ECONNREFUSED', address: '192.0.2.1', port: 5432, comm: 'app', count: 1 }

test('a connection that is refused is known by the reset, whatever processor is read first', () => {
  end(7, 30)
  reset(20)
  connect(10)
  counter.settle()
  expect(counter.trace(1).connects).toMatchObject([REFUSED])
})

test.each([
  ['made', () => end(1, 5e9), []],
  ['given up at once', () => end(7, 100e6), []],
  ['given up after a time', () => end(7, 400e6), [{ pid: 7, address: '192.0.2.1', port: 5432 }]],
])('a connection that is %s', (_, finish, connects) => {
  connect(0)
  finish()
  counter.settle()
  const found = counter.trace(1).connects
  expect(found).toMatchObject(connects)
  expect(found.length).toBe(connects.length)
  for (const one of found) expect(one.error).toBeUndefined()
})

test('deaths, victims, segments that were sent again; records of others are passed over', () => {
  happen('signal/signal_deliver', 7, { sig: 11 })
  happen('oom/mark_victim', 20, { pid: 7 })
  happen('tcp/tcp_retransmit_skb', 0, { state: 1, sport: 40000, dport: 80 })
  counter.take(Buffer.from([99, 0, 0, 0, 0, 0, 0, 0]), 0, 8, 0)
  expect(counter.trace(1)).toMatchObject({
    deaths: [{ pid: 7, signal: 'SIGSEGV', comm: 'app', parentPid: 1, parentComm: 'init' }],
    oomVictims: [{ pid: 7, comm: 'app', parentPid: 1, parentComm: 'init' }],
    retransmits: [{ state: 1, localPort: 40000, remotePort: 80, count: 1 }],
  })
})
