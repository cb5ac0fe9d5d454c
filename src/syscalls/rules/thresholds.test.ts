import { describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { createHistogram, addLatency } from '../latency-histogram.ts'
import { METRICS } from '../model.ts'
import type { ProfileBackend, SyscallProfile, SyscallStats } from '../profile.ts'
import { diffProfiles } from './diff.ts'
import { judge, parseThreshold } from './thresholds.ts'

type Row = [calls: number, errors?: number, wallNs?: number, eachNs?: number]

function profile(
  rows: Record<string, Row>,
  durationNs?: number,
  backend: ProfileBackend = 'strace-log',
): SyscallProfile {
  const syscalls = Object.entries(rows).map(([name, [calls, errors = 0, wallNs, eachNs]]): SyscallStats => {
    const latency = createHistogram()
    if (eachNs !== undefined) for (let i = 0; i < calls; i += 1) addLatency(latency, eachNs)
    return {
      name,
      abi: 'native',
      calls,
      errors,
      wall: wallNs === undefined ? undefined : { totalNs: wallNs, maxNs: eachNs },
      latency: eachNs === undefined ? undefined : latency,
    }
  })
  return { meta: { backend, durationNs }, syscalls, rejected: [], warnings: [] }
}

const diff = diffProfiles(
  profile({ read: [10, 1, 500], close: [5, 0, 100], stat: [7, 7, 50], mmap: [3, 0, 3] }),
  profile({ read: [30, 1, 900], close: [5, 0, 100], statx: [9, 9, 70], mmap: [2, 0, 900] }),
)
const meets = (text: string, of = diff) => judge(of, parseThreshold(text)).failed

describe('a condition', () => {
  test.each([
    ['calls:read>+100%', true],
    ['calls:read>+200%', false],
    ['calls:read>+19', true],
    ['calls:read>+20', false],
    ['calls:read>29', true],
    ['calls:read>30', false],
    ['calls:mmap<-0', true],
    ['calls:mmap<-34%', false],
    ['calls:mmap<-33%', true],
    ['calls:statx>+20%', true],
    ['errors:total>+1', true],
    ['errors:total>+2', false],
    ['time:read>+399ns', true],
    ['time:read>+0.4us', false],
    ['time:total>+1s', false],
    ['calls:futex>+0%', false],
    ['calls>45', true],
    ['calls>46', false],
    ['errors>+1', true],
    ['wall:read>899ns', true],
    ['wall:read>900ns', false],
  ])('%s is met: %s', (text, failed) => {
    expect(meets(text)).toBe(failed)
  })

  test.each([
    'calls',
    'calls:read',
    'calls:read>',
    'size:read>1',
    'calls:read=1',
    'calls:read>20%',
    'calls:read>+5ms',
    'calls:read>x',
    'p42:read>1ms',
    'rate:read>5s',
  ])('%s is no condition', text => {
    expect(() => parseThreshold(text)).toThrow(UsageError)
  })

  test('percentiles, the longest call and the rate', () => {
    const timed = diffProfiles(
      profile({ read: [100, 0, 1e6, 1000] }, 1e9),
      profile({ read: [100, 0, 9e6, 9000], write: [100, 0, 1e3, 100] }, 2e9),
    )
    expect(meets('p99:read>+700%', timed)).toBe(true)
    expect(meets('p99:read>+900%', timed)).toBe(false)
    expect(meets('p50>5us', timed)).toBe(false)
    expect(meets('p99>5us', timed)).toBe(true)
    expect(meets('max>8us', timed)).toBe(true)
    expect(meets('max>9us', timed)).toBe(false)
    expect(judge(timed, parseThreshold('rate>90'))).toMatchObject({ failed: true, old: 100, new: 100 })
    expect(judge(timed, parseThreshold('rate:read<60'))).toMatchObject({ failed: true, old: 100, new: 50 })
  })

  test('a misspelt system call is refused, with the ones it may mean', () => {
    const refusal = (text: string) => {
      try {
        meets(text)
      } catch (error) {
        return error as UsageError
      }
      return undefined
    }
    expect(refusal('calls:fuetx>5')).toMatchObject({
      message: expect.stringContaining('names fuetx, which is no system call'),
      hint: 'did you mean futex?',
    })
    expect(refusal('calls:nosuchcall>5')).toBeInstanceOf(UsageError)
    expect(refusal('calls:futex (32)>5')).toBeUndefined()
    expect(refusal('calls:syscall_0x1d7>5')).toBeUndefined()
  })

  test.each([
    ['time:read>+1%', 'bpftrace', 'strace', /measured with bpftrace, the other with strace/],
    ['p99:read>+1%', 'bpftrace', 'bpftrace', /bpftrace does not tell 99 % of the calls/],
    ['p99:read>1ms', 'bpftrace', 'strace', /strace does not tell 99 %/],
    ['wall:read>+1ms', 'perf', 'strace', /measured with perf/],
    ['system:read>1ms', 'bpftrace', 'bpftrace', /does not tell CPU time/],
    ['rate:read>1', 'strace-log', 'strace-log', /does not tell how long it was watched/],
    ['errors:read>1', 'bpftrace', 'syscount', /syscount does not tell which calls failed/],
  ] as const)('%s of %s and %s cannot be judged', (text, old, now, reason) => {
    const sides = diffProfiles(
      profile({ read: [1, 1, 5] }, undefined, old),
      profile({ read: [2, 1, 9] }, undefined, now),
    )
    expect(() => meets(text, sides)).toThrow(reason)
    expect(() => meets(text, sides)).toThrow(UsageError)
    expect(meets('calls:read>1', sides)).toBe(true)
  })

  test('every metric can be asked for', () => {
    for (const metric of Object.keys(METRICS)) expect(parseThreshold(`${metric}>5`).metric).toBe(metric)
  })
})
