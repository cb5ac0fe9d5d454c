import { describe, expect, test } from 'vitest'
import { findJob } from './catalog.ts'
import type { EventJob, ReaderContext } from './job.ts'
import type { BpfValue } from '../run/output/row.ts'

function rowsOf(name: string, records: BpfValue[][], context: Partial<ReaderContext> = {}) {
  const reader = (findJob(name) as EventJob).reader({ filter: {}, btf: true, ...context })
  return records.flatMap(record => reader.take(record))
}

const tcp = (
  pid: number,
  socket: bigint,
  from: number,
  to: number,
  lport = 40000,
  rport = 80,
  time = 1000,
): BpfValue[] => ['tcp', time, pid, 1, 0, socket, from, to, lport, rport, 5, 7, 'curl', '10.0.0.1', '10.0.0.2']

describe('tcp', () => {
  const life = [
    tcp(7, 2n ** 63n, 7, 2, 0),
    tcp(0, 2n ** 63n, 2, 1, 40000, 80, 2000),
    tcp(0, 2n ** 63n, 1, 7, 40000, 80, 5000),
  ]

  test('the owner is who connected, not who runs when the packet comes', () => {
    expect(rowsOf('tcplife', life)).toEqual([
      {
        time: 5000,
        pid: 7,
        comm: 'curl',
        laddr: '10.0.0.1',
        lport: 40000,
        raddr: '10.0.0.2',
        rport: 80,
        txBytes: 5,
        rxBytes: 7,
        durationNs: 4000,
      },
    ])
    expect(rowsOf('tcpconnect', life)).toHaveLength(1)
    expect(rowsOf('tcpstates', life).map(row => [row['oldState'], row['newState'], row['durationNs']])).toEqual([
      [7, 2, undefined],
      [2, 1, 1000],
      [1, 7, 3000],
    ])
  })

  test('addresses of sockets are told apart beyond what a double holds', () => {
    expect(
      rowsOf('tcplife', [tcp(7, 2n ** 63n, 7, 2), tcp(8, 2n ** 63n + 1n, 7, 2), tcp(0, 2n ** 63n + 1n, 2, 7)]),
    ).toMatchObject([{ pid: 8 }])
  })

  test('a connection whose beginning was not seen has no owner and no duration', () => {
    expect(rowsOf('tcplife', [tcp(9, 1n, 1, 7)])).toMatchObject([{ pid: undefined, durationNs: undefined }])
  })

  test('accept() names the process that took the connection', () => {
    const accept = ['accept', 3000, 33, 1, 0, 1n, 'nginx']
    expect(rowsOf('tcpaccept', [tcp(0, 1n, 10, 3, 80, 999), tcp(0, 1n, 3, 1, 80, 999), accept])).toMatchObject([
      { time: 3000, pid: 33, comm: 'nginx', lport: 80, rport: 999 },
    ])
  })

  test('without kernel types the listener stands for it', () => {
    const records = [tcp(5, 9n, 7, 10, 80, 0), tcp(0, 1n, 10, 3, 80, 999), tcp(0, 1n, 3, 1, 80, 999)]
    expect(rowsOf('tcpaccept', records, { btf: false })).toMatchObject([{ pid: 5, lport: 80 }])
  })

  test('filters are about the owner', () => {
    expect(rowsOf('tcplife', life, { filter: { pid: 7 } })).toHaveLength(1)
    expect(rowsOf('tcplife', life, { filter: { pid: 8 } })).toHaveLength(0)
    expect(rowsOf('tcplife', life, { filter: { comm: 'curl', cgroupId: '1' } })).toHaveLength(1)
    expect(rowsOf('tcplife', life, { filter: { cgroupId: '2' } })).toHaveLength(0)
  })

  test('a reset sent carries whole socket addresses on new kernels', () => {
    const from = [2, 0, 0, 80, 127, 0, 0, 1, ...Array.from({ length: 20 }, () => 0)]
    const to = [10, 0, 0x1f, 0x90, 0, 0, 0, 0, ...Array.from({ length: 15 }, () => 0), 1, 0, 0, 0, 0]
    expect(rowsOf('tcprst', [['rst_out_sockaddr', 1, 0, 0, '', from, to]])).toMatchObject([
      { direction: 'out', laddr: '127.0.0.1', lport: 80, raddr: '::1', rport: 8080, pid: undefined, state: undefined },
    ])
  })
})

describe('exec', () => {
  const records: BpfValue[][] = [
    ['exec', 1, 10, 2, 0, 'bash'],
    ['exec', 1, 11, 2, 0, 'bash'],
    ['arg', 10, 'ls'],
    ['arg', 11, 'cat'],
    ['arg', 10, '-l'],
    ['end', 10],
    ['end', 11],
    ['done', 2, 10, 0, 'ls'],
    ['done', 2, 11, -2, 'bash'],
  ]
  test('arguments find their process, failures their errno', () => {
    expect(rowsOf('execsnoop', records)).toMatchObject([
      { pid: 10, comm: 'ls', args: 'ls -l', argv: ['ls', '-l'] },
      { pid: 11, comm: 'bash', args: 'cat', error: 2 },
    ])
  })
  test('a call whose end is read before its beginning: the task went to another CPU', () => {
    const ends: BpfValue[] = ['done', 20, 7, 0, 'true']
    const begins: BpfValue[][] = [
      ['exec', 10, 7, 2, 0, 'sh'],
      ['arg', 7, 'true'],
      ['arg', 7, 'a'],
      ['end', 7],
    ]
    const next: BpfValue[][] = [
      ['exec', 30, 7, 2, 0, 'true'],
      ['arg', 7, 'id'],
      ['end', 7],
      ['done', 40, 7, 0, 'id'],
    ]
    for (const order of [
      [...begins, ends, ...next],
      [ends, ...begins, ...next],
      [...begins.slice(0, 2), ends, ...begins.slice(2), ...next],
    ]) {
      expect(rowsOf('execsnoop', order).map(row => row['args'])).toEqual(['true a', 'id'])
    }
  })
  test.each<[string, string[], string[], string[]]>([
    ['all are there', ['a', 'b'], [], ['a', 'b']],
    ['the program has what the caller never touched', ['', ''], ['true', 'x y'], ['true', 'x y']],
    ['none could be read', [], ['true', 'x y'], ['true', 'x y']],
    ['one is really empty', ['a', '', 'c'], ['a', '', 'c'], ['a', '', 'c']],
    ['a script', ['s', '', 'c'], ['/bin/sh', '-e', './s', 'b', 'c'], ['s', 'b', 'c']],
    ['a script whose own name is not known', ['', ''], ['/bin/sh', './s', 'b'], ['', 'b']],
  ])('arguments, %s', (_, caller, fresh, argv) => {
    const news: BpfValue[][] =
      fresh.length === 0 ? [] : [['new', 7, fresh.length], ...fresh.map((text): BpfValue[] => ['newarg', 7, text])]
    const args = caller.map((text): BpfValue[] => ['arg', 7, text])
    const order = [['exec', 1, 7, 2, 0, 'sh'], ...args, ['end', 7], ...news, ['done', 2, 7, 0, 'x']]
    expect(rowsOf('execsnoop', order)[0]!['argv']).toEqual(argv)
  })
  test('a name means the new name', () => {
    expect(rowsOf('execsnoop', records, { filter: { comm: 'ls' } })).toHaveLength(1)
  })
  test('more arguments than are shown', () => {
    const many = Array.from({ length: 17 }, (_, i): BpfValue[] => ['arg', 1, `${i}`])
    const [row] = rowsOf('execsnoop', [['exec', 1, 1, 2, 0, 'a'], ...many, ['end', 1], ['done', 1, 1, 0, 'a']])
    expect(row!['args']).toMatch(/ 15 …$/)
  })
})

test.each([
  ['exitsnoop', ['exit', 9, 1, 2, 0x300, 50, 'a'], { status: 3, signal: undefined }],
  ['exitsnoop', ['exit', 9, 1, 2, 0x89, 50, 'a'], { status: undefined, signal: 9 }],
  ['opensnoop', ['open', 9, 1, 0, -13, 'a', '/x'], { fd: undefined, error: 13 }],
  ['opensnoop', ['open', 9, 1, 0, 3, 'a', '/x'], { fd: 3, error: undefined }],
  ['killsnoop', ['signal', 9, 1, 15, 4, 1, 'a', 'b'], { signal: 15, targetPid: 4, result: 'ignored' }],
  ['biosnoop', ['bio', 9, 1, 266338304, 8, 16, -5, 100, 'W', 'dd'], { bytes: 8192, error: 5, operation: 'W' }],
  ['gethostlatency', ['dns', 9, 1, 77, -2, 'a', 'no.such'], { error: 'EAI_NONAME', durationNs: 77 }],
  ['oomkill', ['oom', 9, 1, 0, 10, 20, 30, 4, 'a', 'b'], { anonBytes: 10240, triggerPid: 4, comm: 'b' }],
  ['oomkill', ['oom_pid', 9, 1, 4, 'a'], { pid: 1, triggerPid: 4, comm: undefined }],
  ['statsnoop', ['stat', 9, 1, 0, -2, 'a', '/x'], { error: 2, path: '/x' }],
  ['bashreadline', ['line', 9, 1, 0, 'bash', 'ls'], { line: 'ls' }],
] as [string, BpfValue[], object][])('%s %j', (job, record, row) => {
  const [found] = rowsOf(job, [record])
  for (const [key, value] of Object.entries(row)) expect(found![key], key).toBe(value)
})

test('fstat() of glibc is no question about a file name', () => {
  expect(rowsOf('statsnoop', [['stat', 9, 1, 0, 0, 'a', '']])).toEqual([])
})
