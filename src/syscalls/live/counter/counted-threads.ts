import type { ExecLine, ThreadProfile } from '../../profile.ts'
import type { CounterCell } from './counter-output.ts'
import { countedSyscalls, totalOfCalls, type CounterFacts } from './counted-syscalls.ts'
import { groupBy } from '../../../group-by.ts'

/** What became known of a thread besides its calls. */
export interface ThreadNote {
  pid?: number | undefined
  comm?: string | undefined
  parentTid?: number | undefined
  execs: ExecLine[]
  /** Since the start of the profile. */
  startNs?: number | undefined
  endNs?: number | undefined
}

/** One entry for each thread that made a call or was seen to come or go. */
export function countedThreads(
  cells: readonly CounterCell[],
  notes: ReadonlyMap<number, ThreadNote>,
  facts: CounterFacts,
): ThreadProfile[] {
  const byTid = groupBy(cells, cell => cell.thread?.tid ?? 0)
  const tids = [...new Set([...byTid.keys(), ...notes.keys()])].sort((a, b) => a - b)
  const ids = new Map(tids.map((tid, index) => [tid, index + 1]))
  return tids.map(tid => {
    const own = byTid.get(tid) ?? []
    const note = notes.get(tid)
    const pid = own[0]?.thread?.pid ?? note?.pid
    return {
      id: ids.get(tid)!,
      tid,
      pid,
      comm: note?.comm,
      parentId: note?.parentTid === undefined ? undefined : ids.get(note.parentTid),
      execs: note?.execs ?? [],
      startNs: note?.startNs,
      endNs: note?.endNs,
      total: totalOfCalls(own, facts),
      syscalls: countedSyscalls(own, facts),
    }
  })
}
