/** A call of one thread in the summary of `perf trace -s`. */
export interface PerfTraceRow {
  name: string
  calls: number
  errors: number
  totalNs: number
  minNs: number
  maxNs: number
  errnos: Record<string, number>
}

export interface PerfTraceThread {
  /** Byte string. */
  comm: string
  tid: number
  rows: PerfTraceRow[]
}

const THREAD = /^ (.*) \((\d+)\), \d+ events, [\d.]+%(?:, [\d.]+ msec)?$/
const ROW = /^ {3}(\S+)\s+(\d+)\s+(\d+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+[\d.]+%$/
const ERRNO = /^\t{4}(\w+): (\d+)$/

/**
 * The summary of `perf trace -s`, with or without `--errno-summary`: a table for each thread, times in ms.
 *
 * Source: tools/perf/builtin-trace.c. ` dd (1234), 264 events, 97.8%`, then
 * `   getppid              101      0     1.404     0.012     0.014     0.035      1.98%` (calls, errors, total, min,
 * avg, max, stddev), and below a row `\t\t\t\tENOENT: 1`. Older ones have no errors column and are not read.
 */
export function parsePerfTraceSummary(text: string): PerfTraceThread[] {
  const threads: PerfTraceThread[] = []
  for (const line of text.split('\n')) {
    const thread = THREAD.exec(line)
    if (thread !== null) {
      threads.push({ comm: thread[1]!, tid: Number(thread[2]), rows: [] })
      continue
    }
    const rows = threads.at(-1)?.rows
    const row = ROW.exec(line)
    if (row !== null) {
      const [, name, calls, errors, total, min, , max] = row
      const ns = (ms: string | undefined) => Math.round(Number(ms) * 1e6)
      rows?.push({
        name: name!,
        calls: Number(calls),
        errors: Number(errors),
        totalNs: ns(total),
        minNs: ns(min),
        maxNs: ns(max),
        errnos: {},
      })
      continue
    }
    const errno = ERRNO.exec(line)
    const errnos = rows?.at(-1)?.errnos
    if (errno !== null && errnos !== undefined) errnos[errno[1]!] = Number(errno[2])
  }
  return threads
}
