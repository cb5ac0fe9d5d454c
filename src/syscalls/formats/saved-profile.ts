import { InputError } from '../../errors.ts'
import { addToBucket, bucketOf, createHistogram, type LatencyHistogram } from '../latency-histogram.ts'
import type { CallStats, SyscallProfile } from '../profile.ts'

/** Whether a file begins like a record of ours, or like a line of a stream of them. */
export function looksLikeProfileJson(head: string): boolean {
  return /^\s*\{\s*(?:"type"\s*:\s*"\w+"\s*,\s*)?"schema"\s*:\s*"linsight\/syscall/.test(head)
}

/**
 * The profile in a document written by `--record` or `--json`.
 *
 * @throws InputError where it is none, or of a later version
 */
export function parseProfileJson(text: string, label: string): SyscallProfile {
  let document: { schema?: unknown; profile?: unknown }
  try {
    document = JSON.parse(text) as typeof document
  } catch (error) {
    throw new InputError('input-format', `the record ${label} is no JSON: ${(error as Error).message}`, {
      hint: 'was its writing cut short? record it anew',
      cause: error,
    })
  }
  const profile = document.profile as SyscallProfile | undefined
  if (document.schema !== 'linsight/syscall-profile/1' || !Array.isArray(profile?.syscalls))
    throw new InputError(
      'input-format',
      `${label} is of the schema ${JSON.stringify(document.schema)}, not linsight/syscall-profile/1`,
      { hint: 'give a file written by trace-syscalls --record or --json' },
    )
  return {
    ...(bytesIn(profile) as SyscallProfile),
    syscalls: profile.syscalls.map(withLatency),
    ...(profile.threads && {
      threads: profile.threads.map(thread =>
        Object.assign(bytesIn(thread) as typeof thread, {
          total: withLatency(thread.total),
          syscalls: thread.syscalls.map(withLatency),
        }),
      ),
    }),
    rejected: profile.rejected ?? [],
    warnings: profile.warnings ?? [],
  }
}

function withLatency<Stats extends CallStats>(stats: Stats): Stats {
  const { latency } = stats as { latency?: { buckets?: [number, number][] } }
  return { ...stats, ...(latency !== undefined && { latency: histogramOf(latency.buckets ?? []) }) }
}

function histogramOf(buckets: readonly [number, number][]): LatencyHistogram {
  const histogram = createHistogram()
  for (const [fromNs, count] of buckets) addToBucket(histogram, bucketOf(fromNs), count)
  return histogram
}

/** The same value with every text in it as the byte string it was. */
function bytesIn(value: unknown): unknown {
  if (typeof value === 'string')
    return /[^\x00-\x7f]/.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value
  if (Array.isArray(value)) return value.map(bytesIn)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bytesIn(item)]))
}
