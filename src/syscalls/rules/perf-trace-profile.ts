import type { CallStats, SyscallStats, ThreadProfile } from '../profile.ts'
import type { PerfTraceRow, PerfTraceThread } from '../formats/perf-trace-summary.ts'
import { groupBy } from '../../group-by.ts'

/** The calls in a summary of perf trace, over all threads. */
export function perfSyscalls(threads: readonly PerfTraceThread[]): SyscallStats[] {
  const rows = threads.flatMap(thread => thread.rows)
  return [...groupBy(rows, row => row.name)].map(([name, group]) =>
    Object.assign({ name, abi: 'native' as const }, sumOf(group)),
  )
}

export function perfThreads(threads: readonly PerfTraceThread[]): ThreadProfile[] {
  return threads.map((thread, index) => ({
    id: index + 1,
    tid: thread.tid,
    comm: thread.comm,
    execs: [],
    total: sumOf(thread.rows),
    syscalls: perfSyscalls([thread]),
  }))
}

function sumOf(rows: readonly PerfTraceRow[]): CallStats {
  const errnos: Record<string, number> = {}
  for (const row of rows)
    for (const [errno, count] of Object.entries(row.errnos)) errnos[errno] = (errnos[errno] ?? 0) + count
  const sum = (of: (row: PerfTraceRow) => number) => rows.reduce((total, row) => total + of(row), 0)
  return {
    calls: sum(row => row.calls),
    errors: sum(row => row.errors),
    errnos,
    wall: {
      totalNs: sum(row => row.totalNs),
      minNs: Math.min(...rows.map(row => row.minNs)),
      maxNs: Math.max(...rows.map(row => row.maxNs)),
    },
  }
}
