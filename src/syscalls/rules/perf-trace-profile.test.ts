import { expect, test } from 'vitest'
import { perfSyscalls, perfThreads } from './perf-trace-profile.ts'

const row = (name: string, calls: number, errnos: Record<string, number> = {}) => ({
  name,
  calls,
  errors: Object.values(errnos).reduce((a, b) => a + b, 0),
  totalNs: calls * 10,
  minNs: calls,
  maxNs: calls * 2,
  errnos,
})
const THREADS = [
  { comm: 'a', tid: 7, rows: [row('read', 2, { EIO: 1 }), row('close', 1)] },
  { comm: 'b', tid: 8, rows: [row('read', 5, { EIO: 2 })] },
]

test('calls over all threads', () => {
  expect(perfSyscalls(THREADS)).toEqual([
    {
      name: 'read',
      abi: 'native',
      calls: 7,
      errors: 3,
      errnos: { EIO: 3 },
      wall: { totalNs: 70, minNs: 2, maxNs: 10 },
    },
    { name: 'close', abi: 'native', calls: 1, errors: 0, errnos: {}, wall: { totalNs: 10, minNs: 1, maxNs: 2 } },
  ])
})

test('threads with their own calls', () => {
  expect(
    perfThreads(THREADS).map(({ id, tid, comm, total, syscalls }) => [id, tid, comm, total.calls, syscalls.length]),
  ).toEqual([
    [1, 7, 'a', 3, 2],
    [2, 8, 'b', 5, 1],
  ])
})
