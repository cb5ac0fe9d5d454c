import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { countedSyscalls } from './counted-syscalls.ts'
import { countedThreads } from './counted-threads.ts'
import { histogramTotal } from '../../latency-histogram.ts'
import { counterReader, type CounterEvent, type CounterReading } from './counter-output.ts'

const FACTS = { machine: 'x86_64', systemTime: true }

function read(text: string): CounterEvent[] {
  const events: CounterEvent[] = []
  const line = counterReader(event => events.push(event))
  text.split('\n').forEach(each => line(each))
  return events
}

function lastReading(events: readonly CounterEvent[]): CounterReading {
  const end = events.find(event => event.kind === 'end')
  if (end?.kind !== 'end') throw new Error('no reading')
  return end.reading
}

/** Output recorded from a run of fixtures/programs/known-calls.c, which says what it makes. */
const recorded = (name: string) =>
  readFileSync(new URL(`../../../../fixtures/syscall-counter/${name}.ndjson`, import.meta.url), 'latin1')

const value = (...tuple: unknown[]) => JSON.stringify({ type: 'value', data: tuple })
const map = (name: string, data: object) => JSON.stringify({ type: 'map', data: { [name]: data } })

describe('recorded runs', () => {
  const calls = (name: string, abi: string) =>
    Object.fromEntries(
      countedSyscalls(lastReading(read(recorded(name))).cells, FACTS)
        .filter(call => call.abi === abi)
        .map(call => [call.name, call]),
    )

  test('known calls have known counts, errnos, results and restarts', () => {
    const plain = calls('plain', 'native')
    expect(plain).toMatchObject({
      getppid: { calls: 10007, errors: 0 },
      close: { calls: 1009, errors: 1009, errnos: { EBADF: 1009 } },
      openat: { calls: 504, errors: 503, errnos: { ENOENT: 503 } },
      write: { calls: 2003, transfer: { calls: 2003, bytes: 2003, oneByteCalls: 2003 } },
      read: { calls: 307, zeroResults: 307, transfer: { calls: 0, bytes: 0, oneByteCalls: 0 } },
      pause: { calls: 7, errors: 0, restarts: 7 },
      rt_sigreturn: { calls: 7, errors: 0, errnos: {} },
      execve: { calls: 1, errors: 0 },
    })
    for (const call of Object.values(plain)) expect(histogramTotal(call.latency!), call.name).toBe(call.calls)
  })

  test('32-bit and x32 calls are named from their own tables', () => {
    expect(calls('compat', '32')).toMatchObject({ getpid: { calls: 23 }, getppid: { calls: 11 } })
    expect(calls('compat', 'x32')).toMatchObject({ getpid: { calls: 13 } })
    expect(calls('compat', 'native')['getpid']!.calls).toBe(19)
  })

  test('threads are kept apart, forks and execs told', () => {
    const events = read(recorded('children'))
    const threads = countedThreads(lastReading(events).cells, new Map(), FACTS)
    const asked = threads.map(thread => thread.syscalls.find(call => call.name === 'getppid')?.calls)
    expect(asked.filter(count => count !== undefined)).toEqual([401, 401, 401])
    expect(events.filter(event => event.kind === 'fork')).toHaveLength(3)
    expect(events.filter(event => event.kind === 'exec')).toMatchObject([{ comm: 'known', path: './known' }])
    expect(events.filter(event => event.kind === 'exit')).toHaveLength(4)
  })
})

describe('dialects and damage', () => {
  test('integers past 2^53 come as text from bpftrace 0.24 on', () => {
    const text = [map('@calls', { '0,4097,200': 1 }), map('@wall', { '0': '9007199254740993' }), value('end', 5)]
    expect(lastReading(read(text.join('\n'))).cells[0]!.wallNs).toBe(9007199254740992)
  })

  test('bytes that bpftrace prints as negative numbers are themselves again', () => {
    const text =
      '{"type": "value", "data": ["exec",7,1,1,"caf\\uffffffc3\\uffffffa9","/bin/caf\\uffffffc3\\uffffffa9"]}'
    expect(read(text)).toMatchObject([{ kind: 'exec', comm: 'caf\xc3\xa9', path: '/bin/caf\xc3\xa9' }])
  })

  test('attempts of the shell that starts a command are not counted', () => {
    const attempt = 59 + 0x2000_0000
    const text = [
      map('@calls', { [`${attempt},2,100`]: 3, '59,0,180': 1 }),
      map('@begun', { '12': [1, attempt], '13': [0, 0], '14': [3, 0] }),
      value('end', 5),
    ]
    const { cells, begun } = lastReading(read(text.join('\n')))
    expect(cells.map(cell => [cell.number, cell.results.get(0)])).toEqual([[59, 1]])
    expect(begun).toEqual([{ tid: 14, abi: 'native', number: 0, sinceNs: 3 }])
  })

  test('loss is told: dropped records, and keys that a full map refused', () => {
    expect(
      read(
        '{"type": "lost_events", "data": {"events": 124}}\n{"type": "helper_error", "helper": "map_update_elem", "retcode": -7, "line": 1, "col": 26}',
      ),
    ).toEqual([
      { kind: 'lost', what: 'events', count: 124 },
      { kind: 'lost', what: 'keys', count: 1 },
    ])
  })

  test('a failed delete is no loss', () => {
    expect(read('{"type": "helper_error", "helper": "map_delete_elem", "retcode": -2, "line": 1, "col": 26}')).toEqual(
      [],
    )
  })

  test('the line that a killed bpftrace did not finish is passed over', () => {
    expect(read(`${map('@calls', { '0,0,9': 1 })}\n{"type": "map", "data": {"@wal`)).toEqual([])
  })

  test('each reading starts from what was printed since the last', () => {
    const events = read([map('@calls', { '0,0,9': 1 }), value('tick', 1), value('end', 2)].join('\n'))
    expect(events.map(event => ('reading' in event ? event.reading.cells.length : -1))).toEqual([1, 0])
  })

  test('a minimum that is clamped in the kernel is that of the first bucket', () => {
    // 6 s: bucket 8 * 32 + 3.
    const text = [
      map('@calls', { '35,0,259': 1 }),
      map('@min', { '35': 4294967294 }),
      map('@max', { '35': 6e9 }),
      value('end', 1),
    ]
    const [call] = countedSyscalls(lastReading(read(text.join('\n'))).cells, FACTS)
    expect(call!.wall!.minNs).toBe(11 * 2 ** 29)
    expect(call!.wall!.maxNs).toBe(6e9)
  })
})
