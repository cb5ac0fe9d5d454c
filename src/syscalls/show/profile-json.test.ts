import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseProfileJson } from '../formats/saved-profile.ts'
import { addLatency, createHistogram, histogramTotal } from '../latency-histogram.ts'
import type { SyscallProfile } from '../profile.ts'
import { profileJson, statsJson, withText } from './profile-json.ts'

const latency = createHistogram()
for (const ns of [1000, 1000, 4000]) addLatency(latency, ns)

test('a histogram is percentiles and pairs of least duration and calls', () => {
  expect(statsJson({ calls: 3, errors: 0, wall: { totalNs: 6000, minNs: 1000, maxNs: 4000 }, latency })).toEqual({
    calls: 3,
    errors: 0,
    wall: { totalNs: 6000, minNs: 1000, maxNs: 4000 },
    latency: {
      p50Ns: 1000,
      p90Ns: 3968,
      p95Ns: 3968,
      p99Ns: 3968,
      p999Ns: 3968,
      buckets: [
        [960, 2],
        [3840, 1],
      ],
    },
  })
})

test.each([
  ['caf\xc3\xa9', 'café'],
  ['caf\xe9', 'caf\\xe9'],
  ['plain', 'plain'],
  ['is it — text', 'is it — text'],
])('the byte string %j is the text %j', (bytes, text) => {
  expect(withText({ name: bytes, list: [bytes], [bytes]: 1 })).toEqual({ name: text, list: [text], [text]: 1 })
})

describe('a record', () => {
  const read = (profile: SyscallProfile) =>
    parseProfileJson(JSON.stringify({ schema: 'linsight/syscall-profile/1', profile: profileJson(profile) }), 'test')

  test('is read back as it was written', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).map(text => Buffer.from(text, 'utf8').toString('latin1')),
        fc.array(fc.nat(1e12)),
        (name, durations) => {
          const histogram = createHistogram()
          for (const ns of durations) addLatency(histogram, ns)
          const stats = { calls: durations.length, errors: 0, latency: histogram }
          const profile: SyscallProfile = {
            meta: { backend: 'strace-log' },
            syscalls: [{ ...stats, name: 'read', abi: 'native' }],
            threads: [{ id: 1, comm: name, execs: [], total: stats, syscalls: [] }],
            rejected: [],
            warnings: [],
          }
          const back = read(profile)
          expect(back.threads![0]!.comm).toBe(name)
          expect(back.syscalls[0]!.calls).toBe(durations.length)
          expect(histogramTotal(back.syscalls[0]!.latency!)).toBe(durations.length)
          expect(read(back)).toEqual(back)
        },
      ),
    )
  })
})
