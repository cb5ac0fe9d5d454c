import { describe, expect, test } from 'vitest'
import { parseBpftraceLine, type BpfMessage } from '../../bpf/index.ts'
import { traceReader } from './read-trace.ts'

const text = (line: string): BpfMessage => ({ type: 'text', from: 'printf', text: `${line}\n` })
const map = (name: string, entries: Record<string, number>): BpfMessage => ({
  type: 'map',
  name: `@${name}`,
  entries: Object.entries(entries).map(([key, value]) => ({ key, value })),
})
const hex = (bytes: Uint8Array, length: number) =>
  [...Buffer.concat([bytes, Buffer.alloc(length)]).subarray(0, length)]
    .map(byte => `\\x${byte.toString(16).padStart(2, '0')}`)
    .join('')
const name = (comm: string) => hex(Buffer.from(comm), 16)

/** What the program printed, ended by the time. */
function traced(...messages: BpfMessage[]) {
  const reader = traceReader('x86_64')
  for (const message of messages) reader.take(message)
  return reader.trace()
}

test('nothing is told before the first set of totals', () => {
  expect(traced(map('futex', { 7: 3 }))).toBeUndefined()
})

test('the later totals hold, and the first half of the time is told apart', () => {
  const trace = traced(
    map('futex', { 7: 10 }),
    text('T 1000000000'),
    map('futex', { 7: 40 }),
    text('T 1500000000'),
    map('futex', { 7: 45, 8: 6 }),
    text('T 2000000000'),
    // A map that did not change is printed again, one that is empty is not.
    text('T 2500000000'),
  )!
  expect(trace.durationMs).toBe(2000)
  expect(trace.futexCalls).toEqual({ 7: [40, 5], 8: [0, 6] })
})

describe('a call that failed', () => {
  const inet = Buffer.from([2, 0, 0x1f, 0x90, 127, 0, 0, 1])
  const inet6 = Buffer.from([10, 0, 0, 80, 0, 0, 0, 0, ...new Uint8Array(15), 1])
  const unix = Buffer.concat([Buffer.from([1, 0]), Buffer.from('/run/x.sock')])
  const abstract = Buffer.concat([Buffer.from([1, 0, 0]), Buffer.from('bus')])
  test('an abstract name ends with its length', () => {
    const bytes = Buffer.concat([Buffer.from([1, 0, 0]), Buffer.from('app-lock, and what lay behind it')])
    const trace = traced(
      text(`E 7 49 -98 3 4026531840 1 5 ${name('web')} ${name('init')} ${hex(bytes, 60)} 11`),
      map('failed', { '7,49,-98': 1 }),
      text('T 1'),
    )!
    expect(trace.failures[0]!.examples[0]!.address).toEqual({ family: 'unix', address: '@app-lock' })
  })

  test.each([
    [inet, { family: 'inet', address: '127.0.0.1', port: 8080 }],
    [inet6, { family: 'inet6', address: '::1', port: 80 }],
    [unix, { family: 'unix', address: '/run/x.sock' }],
    [abstract, { family: 'unix', address: '@bus' }],
    [Buffer.from([16, 0]), { family: 'other', address: '' }],
  ])('names what it was about', (bytes, address) => {
    const trace = traced(
      text(`E 7 49 -98 3 4026531840 1 5 ${name('shop web')} ${name('init')} ${hex(bytes, 60)}`),
      map('failed', { '7,49,-98': 4 }),
      text('T 1'),
    )!
    expect(trace.failures).toEqual([
      {
        pid: 7,
        call: 'bind',
        error: 'EADDRINUSE',
        count: 4,
        early: 0,
        examples: [{ comm: 'shop web', parentPid: 3, parentComm: 'init', netns: 'net:[4026531840]', fd: 5, address }],
      },
    ])
  })

  test('has no arguments where the registers are not those of the call', () => {
    const trace = traced(
      text(`E 7 49 -98 3 1 0 5 ${name('a')} ${name('b')} ${hex(inet, 60)}`),
      map('failed', { '7,49,-98': 1 }),
      text('T 1'),
    )!
    expect(trace.failures[0]!.examples).toEqual([{ comm: 'a', parentPid: 3, parentComm: 'b', netns: 'net:[1]' }])
  })
})

test('connections that failed, with the name of who made them last', () => {
  const v4 = hex(Buffer.from([192, 0, 2, 1]), 4)
  const trace = traced(
    text(`C 7 111 2 5432 9 ${v4} ${hex(Buffer.alloc(0), 16)} 3 ${name('cron')} my app`),
    text(
      `C 8 0 10 80 9 ${hex(Buffer.alloc(0), 4)} ${hex(Buffer.from([0x20, 1, 0x0d, 0xb8]), 16)} 3 ${name('cron')} curl`,
    ),
    map('unconnected', { '7,111,5432': 6, '8,0,80': 2, '9,0,1': 1 }),
    text('T 1'),
  )!
  expect(trace.connects).toEqual([
    {
      pid: 7,
      error: 'ECONNREFUSED',
      address: '192.0.2.1',
      port: 5432,
      netns: 'net:[9]',
      parentPid: 3,
      parentComm: 'cron',
      comm: 'my app',
      count: 6,
    },
    {
      pid: 8,
      address: '2001:db8::',
      port: 80,
      netns: 'net:[9]',
      parentPid: 3,
      parentComm: 'cron',
      comm: 'curl',
      count: 2,
    },
  ])
})

test('name servers that were asked', () => {
  const end = hex(Buffer.from([2, 0, 0, 53, 127, 0, 0, 53]), 28)
  const trace = traced(
    text(`Q 7 3 9 ${name('my app')} ${name('cron')} ${end}`),
    text(`Q 7 3 9 ${name('my app')} ${name('cron')} ${end}`),
    map('asked', { '7': 12, '8': 1 }),
    text('T 1'),
  )!
  expect(trace.questions).toEqual([
    { pid: 7, parentPid: 3, netns: 'net:[9]', comm: 'my app', parentComm: 'cron', server: '127.0.0.53', count: 12 },
  ])
})

test('deaths by a signal, victims of the out-of-memory killer, paths that were not found', () => {
  const trace = traced(
    text(`S 7 11 3 ${name('app')} ${name('boss')}`),
    text(`O 8 8 3 ${name('fat')} ${name('boss')}`),
    text(`O 9 8 3 ${name('fat')} ${name('boss')}`),
    text(`N 7 ${hex(Buffer.from('/etc/missing'), 63)}`),
    map('missing', { 7: 900 }),
    text('T 1'),
  )!
  expect(trace.deaths).toEqual([{ pid: 7, signal: 'SIGSEGV', parentPid: 3, comm: 'app', parentComm: 'boss' }])
  expect(trace.oomVictims).toEqual([
    { pid: 8, parentPid: 3, comm: 'fat', parentComm: 'boss' },
    { pid: 9, comm: '' },
  ])
  expect(trace.notFound).toEqual([{ pid: 7, halves: [0, 900], paths: ['/etc/missing'] }])
})

test.each(['', 'E', 'E x', 'C 1', 'Q 1', 'S', 'O 1 2', 'N', 'T', 'Z 1 2 3'])(
  'a record that is cut (%j) breaks nothing',
  line => {
    expect(() => traced(text(line), text('T 1'))).not.toThrow()
  },
)

test('the end of a process: its status, how long it lived, and the arguments it was started with', () => {
  const trace = traced(
    text(`A 7 15 ${hex(Buffer.from('billing\0--serve'), 63)}`),
    text(`X 7 768 3 80 ${name('billing')} ${name('runit')} 4711`),
    text('T 1000000000'),
    text(`X 8 9 3 5 ${name('killed')} ${name('runit')}`),
    text('T 1500000000'),
  )!
  expect(trace.ends).toEqual([
    {
      pid: 7,
      comm: 'billing',
      status: 3,
      signal: undefined,
      lifeMs: 80,
      endedAtMs: 4711,
      program: '15 billing\0--serve',
      parentPid: 3,
      parentComm: 'runit',
      early: true,
    },
    {
      pid: 8,
      comm: 'killed',
      status: 0,
      signal: 'SIGKILL',
      lifeMs: 5,
      parentPid: 3,
      parentComm: 'runit',
      early: false,
    },
  ])
})

test('from lines of bpftrace: maps are parsed in the end, all else at once', () => {
  const reader = traceReader('x86_64')
  const parsed: string[] = []
  const parse = (line: string) => {
    parsed.push(line)
    return parseBpftraceLine(line, 'C')
  }
  const take = (line: string) => reader.takeLine(line, parse)
  expect(take('{"type": "attached_probes", "data": {"probes": 8}}')).toBe(false)
  expect(take('{"type": "map", "data": {"@futex": {"7": 10}}}')).toBe(false)
  expect(take('{"type": "printf", "data": "T 1000000000\\n"}')).toBe(true)
  expect(take('{"type": "map", "data": {"@futex": {"7": 30}}}')).toBe(false)
  expect(take('{"type": "printf", "data": "T 1500000000\\n"}')).toBe(true)
  expect(parsed.filter(line => line.includes('map'))).toEqual([])
  expect(reader.durationMs()).toBe(1000)
  expect(reader.trace()!.futexCalls).toEqual({ 7: [10, 20] })
})
