import { errnoName, isRestart } from '../../../kernel/errno.ts'
import { bucketsOf, mergeHistogram, createHistogram } from '../../latency-histogram.ts'
import { COUNTED_RESULT } from './counter-key.ts'
import { isKind, KIND } from '../../../kernel/syscall-kind.ts'
import { hasNoResult, syscallName } from '../../../kernel/syscall-names.ts'
import type { CallStats, SyscallStats } from '../../profile.ts'
import type { CounterCell } from './counter-output.ts'
import { groupBy } from '../../../group-by.ts'

export interface CounterFacts {
  /** `uname -m`. */
  machine: string
  /** The time off the CPU was measured, so that system time is what remains of the wall time. */
  systemTime: boolean
}

/** What the kernel counted, one entry for each call, whichever thread made it. */
export function countedSyscalls(cells: readonly CounterCell[], facts: CounterFacts): SyscallStats[] {
  return [...groupBy(cells, cell => `${cell.abi} ${cell.number}`).values()].map(group => {
    const { abi, number } = group[0]!
    const name = syscallName(facts.machine, abi, number)
    return Object.assign({ name, abi }, sumOf(group, name, facts))
  })
}

/** All calls of one thread together. */
export function totalOfCalls(cells: readonly CounterCell[], facts: CounterFacts): CallStats {
  const total: CallStats = { calls: 0, errors: 0, restarts: 0 }
  const errnos: Record<string, number> = {}
  for (const call of countedSyscalls(cells, facts)) {
    total.calls += call.calls
    total.errors += call.errors
    total.restarts! += call.restarts ?? 0
    for (const [name, count] of Object.entries(call.errnos ?? {})) errnos[name] = (errnos[name] ?? 0) + count
  }
  return { ...total, errnos, ...timesOf(cells, facts) }
}

function sumOf(cells: readonly CounterCell[], name: string, facts: CounterFacts): CallStats {
  const results = new Map<number, number>()
  for (const cell of cells)
    for (const [result, calls] of cell.results) results.set(result, (results.get(result) ?? 0) + calls)
  const stats: CallStats = { calls: 0, errors: 0, restarts: 0, ...timesOf(cells, facts) }
  const errnos: Record<string, number> = {}
  for (const [result, calls] of results) {
    stats.calls += calls
    if (result === COUNTED_RESULT.zero || result >= COUNTED_RESULT.one || hasNoResult(name)) continue
    if (isRestart(result)) stats.restarts! += calls
    else {
      stats.errors += calls
      errnos[errnoName(result)] = calls
    }
  }
  stats.errnos = errnos
  if (!hasNoResult(name)) stats.zeroResults = results.get(COUNTED_RESULT.zero) ?? 0
  // The program adds up bytes of native calls only.
  if (cells[0]!.abi === 'native' && isKind(name, KIND.reads | KIND.writes)) {
    const oneByteCalls = results.get(COUNTED_RESULT.one) ?? 0
    stats.transfer = {
      calls: oneByteCalls + (results.get(COUNTED_RESULT.more) ?? 0),
      bytes: oneByteCalls + cells.reduce((sum, cell) => sum + cell.bytes, 0),
      oneByteCalls,
    }
  }
  return stats
}

function timesOf(cells: readonly CounterCell[], { systemTime }: CounterFacts): Partial<CallStats> {
  const latency = createHistogram()
  let totalNs = 0
  let awayNs = 0
  let maxNs = 0
  let minNs = Infinity
  for (const cell of cells) {
    mergeHistogram(latency, cell.latency)
    totalNs += cell.wallNs
    awayNs += cell.awayNs
    maxNs = Math.max(maxNs, cell.maxNs)
    minNs = Math.min(minNs, shortest(cell))
  }
  return {
    wall: { totalNs, minNs, maxNs },
    // Two clock readings a few ns apart: a call that was away all the time must not end up below 0.
    ...(systemTime && { system: { totalNs: Math.max(0, totalNs - awayNs) } }),
    latency,
  }
}

/** The program cannot measure a minimum above 4.29 s: there the floor of the first bucket stands for it. */
function shortest(cell: CounterCell): number {
  for (const { fromNs } of bucketsOf(cell.latency)) return Math.max(cell.minNs, fromNs)
  return cell.minNs
}
