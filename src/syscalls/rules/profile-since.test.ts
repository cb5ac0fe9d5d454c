import { expect, test } from 'vitest'
import { addLatency, bucketsOf, createHistogram } from '../latency-histogram.ts'
import type { SyscallProfile, SyscallStats } from '../profile.ts'
import { profileSince } from './profile-since.ts'

function row(name: string, calls: number, errnos: Record<string, number>): SyscallStats {
  const latency = createHistogram()
  for (let i = 0; i < calls; i += 1) addLatency(latency, 1000)
  return { name, abi: 'native', calls, errors: 1, errnos, restarts: calls, wall: { totalNs: calls, minNs: 1 }, latency }
}
const profile = (durationNs: number, ...syscalls: SyscallStats[]): SyscallProfile => ({
  meta: { backend: 'bpftrace', durationNs },
  syscalls,
  rejected: [],
  warnings: [],
})

test('only what happened since: calls, errnos, times and histograms', () => {
  const before = profile(1e9, row('read', 2, { EIO: 1 }), row('close', 4, {}))
  const now = profile(3e9, row('read', 5, { EIO: 1, EBADF: 2 }), row('close', 4, {}), row('open', 1, {}))
  const { meta, syscalls } = profileSince(before, now)
  expect(meta.durationNs).toBe(2e9)
  expect(syscalls.map(({ name, calls }) => [name, calls])).toEqual([
    ['read', 3],
    ['open', 1],
  ])
  expect(syscalls[0]).toMatchObject({ errors: 0, errnos: { EBADF: 2 }, restarts: 3, wall: { totalNs: 3 } })
  expect(syscalls[0]!.wall!.minNs).toBeUndefined()
  expect([...bucketsOf(syscalls[0]!.latency!)].map(({ count }) => count)).toEqual([3])
})

test('the first reading is all there is', () => {
  const now = profile(1e9, row('read', 2, {}))
  expect(profileSince(undefined, now).syscalls).toBe(now.syscalls)
})
