import { endpoint } from '../kernel/ip-address.ts'
import { programLabel, type ProcessName } from '../processes/process-facts.ts'
import type { TuplePressure } from './model.ts'

export { endpoint } from '../kernel/ip-address.ts'
export { ownerNames, programLabel } from '../processes/process-facts.ts'

export function fixed(value: number): string {
  return value === 0 ? '0' : value.toFixed(value >= 100 ? 0 : value >= 1 ? 1 : 2)
}

export function percent(share: number): string {
  return share > 0 && share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}

export function tupleName(tuple: { localAddress: string; remoteAddress: string; remotePort: number }): string {
  return `${endpoint(tuple.remoteAddress, tuple.remotePort)} from ${tuple.localAddress}`
}

/** Names that fit a cell. */
const OPENERS = 2

/**
 * Who opened the connections of a tuple. Of rows in TIME_WAIT only tracing knows it; a process with an open connection to
 * the same place need not have made them, so it is only named with what it has open.
 */
export function clientName(tuple: Pick<TuplePressure, 'candidates' | 'traced' | 'timeWait' | 'finWait2'>): string {
  const { candidates, traced } = tuple
  const rows = tuple.timeWait + tuple.finWait2
  const programs = byProgram(candidates)
  const named = programs
    .slice(0, OPENERS)
    .map(({ label, pids, hits }) => `${label} (${pidsText(pids)}, ${hits} ${traced ? 'traced' : 'open'})`)
  const names = named.join(', ') + (programs.length > OPENERS ? ` and ${programs.length - OPENERS} more` : '')
  if (traced) {
    const seen = candidates.reduce((sum, { rows }) => sum + (rows === undefined ? 0 : rows.timeWait + rows.finWait2), 0)
    return seen < rows ? `${names}; ${rows - seen} not known` : names
  }
  if (rows === 0 && programs.length > 0) return names
  return programs.length === 0 ? 'not known' : `not known; open now: ${names}`
}

/** `pid 7`, `40 pids` */
export function pidsText(pids: readonly number[]): string {
  return pids.length === 1 ? `pid ${pids[0]}` : `${pids.length} pids`
}

/** Sums up processes of one name: a loop that starts a program for each connection is one client. */
function byProgram(
  processes: readonly (ProcessName & { hits: number })[],
): { label: string; pids: number[]; hits: number }[] {
  const programs = new Map<string, { label: string; pids: number[]; hits: number }>()
  for (const { pid, hits, ...name } of processes) {
    const label = programLabel(name)
    const known = programs.get(label)
    if (known === undefined) programs.set(label, { label, pids: [pid], hits })
    else {
      if (!known.pids.includes(pid)) known.pids.push(pid)
      known.hits += hits
    }
  }
  return [...programs.values()].sort((a, b) => b.hits - a.hits)
}

/** `200 of 200 ports taken, none is left` */
export function stateOf({ blocked, capacity, forecast }: TuplePressure): string {
  const out = forecast?.exhaustedInS
  const end = out === undefined ? '' : out === 0 ? ', none is left' : `, they run out in ${fixed(out)} s`
  return `${blocked} of ${capacity ?? '?'} ports taken${end}`
}
