import { bucketsOf, percentiles, type LatencyHistogram } from '../latency-histogram.ts'
import type { CallStats, SyscallProfile } from '../profile.ts'
import { escapeBytes } from '../../terminal/escape.ts'

export const PROFILE_SCHEMA = 'linsight/syscall-profile/1'

/** A profile as plain JSON values, from which it can be read back: byte strings as text, histograms as lists. */
export function profileJson(profile: SyscallProfile): Record<string, unknown> {
  const { syscalls, threads, files, peers, stacks, slowest, inFlight, rejected, ...rest } = profile
  return {
    ...(plain(rest) as Record<string, unknown>),
    syscalls: syscalls.map(statsJson),
    threads: threads?.map(thread =>
      Object.assign(plain({ ...thread, total: undefined, syscalls: undefined }) as object, {
        total: statsJson(thread.total),
        syscalls: thread.syscalls.map(statsJson),
      }),
    ),
    files: plain(files),
    peers: plain(peers),
    stacks: plain(stacks),
    slowest: plain(slowest),
    inFlight: plain(inFlight),
    rejected: plain(rejected),
  }
}

/** Counts of calls; the buckets of the latencies are pairs of their least duration and their calls. */
export function statsJson(stats: CallStats): Record<string, unknown> {
  const { latency, ...rest } = stats
  return { ...(plain(rest) as Record<string, unknown>), latency: latency && latencyJson(latency, stats) }
}

function latencyJson(latency: LatencyHistogram, { wall }: CallStats): Record<string, unknown> {
  const [p50Ns, p90Ns, p95Ns, p99Ns, p999Ns] = percentiles(latency, [0.5, 0.9, 0.95, 0.99, 0.999], wall)
  const buckets = [...bucketsOf(latency)].map(({ fromNs, count }) => [fromNs, count])
  return { p50Ns, p90Ns, p95Ns, p99Ns, p999Ns, buckets }
}

/** The same value with every byte string in it as text. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return textOf(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}

const NON_ASCII = /[\x80-\xff]/

/** UTF-8 where it is, else escaped. Text that is no byte string (a message of ours) passes through. */
function textOf(bytes: string): string {
  if (!NON_ASCII.test(bytes) || /[^\x00-\xff]/.test(bytes)) return bytes
  const text = Buffer.from(bytes, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? escapeBytes(bytes) : text
}
