import { bucketsOf, percentiles, type LatencyHistogram } from '../latency-histogram.ts'
import type { CallStats, SyscallProfile, SyscallStats, ThreadProfile } from '../profile.ts'
import { escapeBytes } from '../../terminal/escape.ts'

/** A latency histogram: percentiles in nanoseconds, and its buckets as pairs of their least duration and their calls. */
export interface LatencyJson {
  p50Ns?: number | undefined
  p90Ns?: number | undefined
  p95Ns?: number | undefined
  p99Ns?: number | undefined
  p999Ns?: number | undefined
  buckets: [fromNs: number, calls: number][]
}

/** Counts of calls as JSON holds them. */
export type StatsJson<Stats extends CallStats = CallStats> = Omit<Stats, 'latency'> & {
  latency?: LatencyJson | undefined
}

export interface ThreadJson extends Omit<ThreadProfile, 'total' | 'syscalls'> {
  total: StatsJson
  syscalls: StatsJson<SyscallStats>[]
}

/** A profile as plain JSON values, from which it can be read back: byte strings are text. */
export interface ProfileJson extends Omit<SyscallProfile, 'syscalls' | 'threads'> {
  syscalls: StatsJson<SyscallStats>[]
  threads?: ThreadJson[] | undefined
}

export function profileJson({ syscalls, threads, ...rest }: SyscallProfile): ProfileJson {
  return {
    ...withText(rest),
    syscalls: syscalls.map(statsJson),
    threads: threads?.map(({ total, syscalls: calls, ...thread }) =>
      Object.assign(withText(thread), { total: statsJson(total), syscalls: calls.map(statsJson) }),
    ),
  }
}

export function statsJson<Stats extends CallStats>(stats: Stats): StatsJson<Stats> {
  const { latency, ...rest } = stats
  return { ...withText(rest), latency: latency && latencyJson(latency, stats) }
}

function latencyJson(latency: LatencyHistogram, { wall }: CallStats): LatencyJson {
  const [p50Ns, p90Ns, p95Ns, p99Ns, p999Ns] = percentiles(latency, [0.5, 0.9, 0.95, 0.99, 0.999], wall)
  const buckets = [...bucketsOf(latency)].map(({ fromNs, count }): [number, number] => [fromNs, count])
  return { p50Ns, p90Ns, p95Ns, p99Ns, p999Ns, buckets }
}

/** The same value with every byte string in it as text. */
export function withText<T>(value: T): T {
  return plain(value) as T
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return textOf(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [textOf(key), plain(item)]))
}

const NON_ASCII = /[\x80-\xff]/

/** UTF-8 where it is, else escaped. Text that is no byte string (our own message) passes through. */
function textOf(bytes: string): string {
  if (!NON_ASCII.test(bytes) || /[^\x00-\xff]/.test(bytes)) return bytes
  const text = Buffer.from(bytes, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? escapeBytes(bytes) : text
}
