import type { BpfMessage, Bucket } from './output/message.ts'
import type { BpfRow, BpfValue } from './output/row.ts'
import type { BpfSnapshot, WeightedStack } from '../model.ts'
import { parseStack, parseStackKey } from './output/stack.ts'
import { NAMES_MAP } from '../jobs/build.ts'
import type { CountJob, HistogramJob, Job, StackJob } from '../jobs/job.ts'

type MapMessage = Extract<BpfMessage, { entries: unknown }>

/** Results that are renewed as a whole: what the maps of a program hold so far. */
export interface Results {
  map(message: MapMessage): void
  /** A record of the program that is part of a result; false where it is none. */
  sample(record: readonly BpfValue[]): boolean
  file(pid: number, fd: number, path: string): void
  snapshot(): BpfSnapshot
}

export function gatherResults(job: Exclude<Job, { shape: 'events' }>): Results {
  const base = { sample: () => true, file() {} }
  switch (job.shape) {
    case 'histogram':
      return { ...base, ...histograms(job) }
    case 'counts':
      return { ...base, ...counts(job) }
    default:
      return { ...base, ...stacks(job) }
  }
}

function histograms(job: HistogramJob): Pick<Results, 'map' | 'snapshot'> {
  const found = new Map<string | undefined, readonly Bucket[]>()
  return {
    map(message) {
      if (message.type !== 'histogram' || message.name !== job.map) return
      for (const { key, value } of message.entries) found.set(key, value)
    },
    snapshot: () => ({
      shape: 'histogram',
      histograms: [...found].map(([key, buckets]) => ({
        key: key === undefined ? undefined : (job.keyNames?.[Number(key)] ?? Number(key)),
        buckets,
      })),
    }),
  }
}

function counts(job: CountJob): Pick<Results, 'map' | 'snapshot' | 'file'> {
  const rows = new Map<string, BpfRow>()
  const names = new Map<string, BpfValue>()
  const files = new Map<string, string>()
  const sortKeys = job.sortBy.split('+')
  const weight = (row: BpfRow) => sortKeys.reduce((sum, key) => sum + Number(row[key] ?? 0), 0)
  return {
    map(message) {
      if (message.type !== 'map') return
      const field = job.maps[message.name]
      for (const { key = '', value } of message.entries) {
        if (message.name === NAMES_MAP) names.set(key, value)
        if (field === undefined) continue
        let row = rows.get(key)
        if (row === undefined) {
          row = {}
          const parts = key.split(',')
          job.keys.forEach((part, i) => (row![part.key] = Number(parts[i])))
          rows.set(key, row)
        }
        row[field] = value
      }
    },
    file: (pid, fd, path) => files.set(`${pid},${fd}`, path),
    snapshot() {
      const list = [...rows].map(([key, row]) =>
        Object.assign({}, row, withName(names, row), files.has(key) ? { file: files.get(key) } : {}),
      )
      return { shape: 'counts', rows: list.sort((a, b) => weight(b) - weight(a)) }
    },
  }
}

function withName(names: ReadonlyMap<string, BpfValue>, row: BpfRow): BpfRow {
  const comm = names.get(String(Number(row['pid'])))
  return comm === undefined ? {} : { comm }
}

function stacks(job: StackJob): Pick<Results, 'map' | 'snapshot' | 'sample'> {
  const found = new Map<string, WeightedStack>()
  const names = new Map<number, string>()
  return {
    map(message) {
      if (message.type !== 'map') return
      if (message.name === job.map) found.clear()
      for (const { key = '', value } of message.entries) {
        if (message.name === NAMES_MAP) names.set(Number(key), value as string)
        const parts = message.name === job.map ? parseStackKey(key) : undefined
        if (parts === undefined) continue
        const { user, kernel, number: pid } = parts
        // Stacks of different addresses may have the same names.
        const weight = Number(value) + (found.get(key)?.weight ?? 0)
        found.set(key, { pid, comm: '', user, kernel: withoutTracer(kernel), weight })
      }
    },
    sample(record) {
      const [tag, pid, comm, user, kernel] = record
      const isSample =
        tag === 'stack' &&
        typeof pid === 'number' &&
        typeof comm === 'string' &&
        typeof user === 'string' &&
        typeof kernel === 'string'
      if (!isSample) return false
      const key = record.slice(1).join('\0')
      const seen = found.get(key)
      found.set(key, {
        pid,
        comm,
        user: seen?.user ?? parseStack(user),
        kernel: seen?.kernel ?? withoutTracer(parseStack(kernel)),
        weight: (seen?.weight ?? 0) + 1,
      })
      return true
    },
    snapshot: () => ({
      shape: 'stacks',
      stacks: [...found.values()]
        .map(stack => (stack.comm === '' ? Object.assign({}, stack, { comm: names.get(stack.pid) ?? '' }) : stack))
        .sort((a, b) => b.weight - a.weight),
    }),
  }
}

/** Innermost frames that are the tracer's own. */
const TRACER = /^(__traceiter_|__bpf_trace_|bpf_trace_run|bpf_prog_|trace_call_bpf|perf_trace_|__bpf_prog)/

function withoutTracer(kernel: string[]): string[] {
  const end = kernel.findLastIndex(name => !TRACER.test(name))
  return kernel.slice(0, end + 1)
}
