import { expect, test } from 'vitest'
import { intervalTitle } from './interval-title.ts'

const meta = { backend: 'bpftrace', startedAt: '2026-11-21T23:59:58.500Z' } as const

test.each([
  [{ ...meta, durationNs: 1e9 }, 'interval', 2e9, '00:00:00Z  after 2 s, the last 1 s:'],
  [meta, 'interval', 1e9, '23:59:59Z  after 1 s, the last 1 s:'],
  [{ ...meta, durationNs: 3e9 }, 'summary', 3e9, '00:00:01Z  in all 3 s:'],
  [{ backend: 'strace' }, 'summary', 3e9, 'in all 3 s:'],
  [{ backend: 'strace' }, 'interval', undefined, 'Interval:'],
] as const)('%j, %s until %s', (of, type, untilNs, title) => {
  expect(intervalTitle(of, { type, untilNs })).toBe(title)
})
