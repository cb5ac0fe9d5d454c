import { describe, expect, test } from 'vitest'
import { addToBucket, bucketOf, createHistogram } from '../../latency-histogram.ts'
import { COUNTED_RESULT } from './counter-key.ts'
import type { CounterCell } from './counter-output.ts'
import { countedSyscalls, totalOfCalls } from './counted-syscalls.ts'
import { countedThreads } from './counted-threads.ts'

const FACTS = { machine: 'x86_64', systemTime: true }
const READ = 0
const CLOSE = 3
const SIGRETURN = 15

function cell(number: number, results: Record<number, number>, more: Partial<CounterCell> = {}): CounterCell {
  const latency = createHistogram()
  const calls = Object.values(results).reduce((a, b) => a + b, 0)
  addToBucket(latency, bucketOf(1000), calls)
  return {
    abi: 'native',
    number,
    results: new Map(Object.entries(results).map(([result, count]) => [Number(result), count])),
    latency,
    wallNs: calls * 1000,
    minNs: 900,
    maxNs: 1100,
    bytes: 0,
    awayNs: 0,
    ...more,
  }
}

describe('what the kernel counted', () => {
  test('results, errnos, restarts and bytes', () => {
    const [read] = countedSyscalls(
      [
        cell(
          READ,
          { [COUNTED_RESULT.zero]: 2, [COUNTED_RESULT.one]: 3, [COUNTED_RESULT.more]: 4, 11: 5, 512: 6 },
          { bytes: 400 },
        ),
      ],
      FACTS,
    )
    expect(read).toMatchObject({
      name: 'read',
      abi: 'native',
      calls: 20,
      errors: 5,
      errnos: { EAGAIN: 5 },
      restarts: 6,
      zeroResults: 2,
      transfer: { calls: 7, bytes: 403, oneByteCalls: 3 },
    })
  })

  test('threads of one call add up; time off the CPU is no system time, and never below 0', () => {
    const cells = [
      cell(CLOSE, { [COUNTED_RESULT.zero]: 1 }, { wallNs: 5000, awayNs: 4000, minNs: 5000, maxNs: 5000 }),
      cell(CLOSE, { [COUNTED_RESULT.zero]: 1 }, { wallNs: 1000, awayNs: 2500 }),
    ]
    const [close, other] = countedSyscalls(cells, FACTS)
    expect(other).toBeUndefined()
    expect(close).toMatchObject({ calls: 2, wall: { totalNs: 6000, maxNs: 5000 }, system: { totalNs: 0 } })
    expect(countedSyscalls(cells, { ...FACTS, systemTime: false })[0]!.system).toBeUndefined()
  })

  test('rt_sigreturn has no result', () => {
    expect(countedSyscalls([cell(SIGRETURN, { 4: 1 })], FACTS)).toMatchObject([
      { name: 'rt_sigreturn', calls: 1, errors: 0, errnos: {} },
    ])
    expect(totalOfCalls([cell(SIGRETURN, { 4: 1 }), cell(CLOSE, { 9: 2 })], FACTS)).toMatchObject({
      calls: 3,
      errors: 2,
      errnos: { EBADF: 2 },
    })
  })

  test('a call of 4 s or more has the floor of its bucket for a shortest', () => {
    const latency = createHistogram()
    addToBucket(latency, bucketOf(9e9), 1)
    const [read] = countedSyscalls([cell(READ, { 0: 1 }, { latency, minNs: 4_294_967_294, maxNs: 9e9 })], FACTS)
    expect(read!.wall!.minNs).toBeGreaterThan(8e9)
    expect(read!.wall!.minNs).toBeLessThanOrEqual(9e9)
  })
})

test('threads: those that made calls and those that were seen to come', () => {
  const notes = new Map([
    [8, { comm: 'worker', parentTid: 7, execs: [], startNs: 5 }],
    [9, { comm: 'quiet', parentTid: 7, execs: [] }],
  ])
  const threads = countedThreads(
    [cell(READ, { 0: 2 }, { thread: { pid: 7, tid: 8 } }), cell(CLOSE, { 0: 1 }, { thread: { pid: 7, tid: 7 } })],
    notes,
    FACTS,
  )
  expect(threads.map(({ id, tid, pid, comm, parentId, total }) => [id, tid, pid, comm, parentId, total.calls])).toEqual(
    [
      [1, 7, 7, undefined, undefined, 1],
      [2, 8, 7, 'worker', 1, 2],
      [3, 9, undefined, 'quiet', 1, 0],
    ],
  )
})
