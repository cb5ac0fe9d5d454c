import type { ProcessName } from '../../processes/process-facts.ts'
import type { CloserGroup, WhoClosed } from '../who/who-closed.ts'
import { endpoint } from '../words.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { smallTable } from '../../terminal/table.ts'
import { wrap } from '../../terminal/wrap.ts'

interface Layout {
  borders: boolean
  top: number
  width: number
}

/** Who closed first, who found no port, and how that compares with what the kernel counted. */
export function whoClosedText(who: WhoClosed, layout: Layout): string {
  const closers = closersByProgram(who.closers).map(({ first, pids, count }) => [
    first.process === undefined ? 'closed before tracing began' : escapeBytes(nameOf(first.process)),
    first.process === undefined ? '-' : pids.length === 1 ? String(pids[0]) : `${pids.length} pids`,
    first.role,
    endpoint(first.address, first.port),
    String(count),
    escapeBytes(first.process?.commandLine ?? ''),
  ])
  const refused = who.refused.map(refusal => [
    escapeBytes(nameOf(refusal.process)),
    String(refusal.process.pid),
    endpoint(refusal.remoteAddress, refusal.remotePort),
    String(refusal.count),
  ])
  return [
    `${wrap(`closed first, traced for ${who.tracedS.toFixed(1)} s: ${proof(who)}`, layout.width, 2)}\n`,
    firstOf(closers, ['CLOSED FIRST BY', 'PID', 'AS', 'OF', 'CONNECTIONS', 'COMMAND'], layout),
    firstOf(refused, ['FOUND NO LOCAL PORT', 'PID', 'TOWARDS', 'EADDRNOTAVAIL'], layout),
  ].join('')
}

/** A process that was gone before it could be looked at has only the name of one of its threads. */
function nameOf({ program, isThreadName }: ProcessName): string {
  return isThreadName ? `thread ${program}` : program
}

/** One row for all processes of a program: a loop that starts one for each connection is one cause. */
function closersByProgram(closers: readonly CloserGroup[]): { first: CloserGroup; pids: number[]; count: number }[] {
  const rows = new Map<string, { first: CloserGroup; pids: number[]; count: number }>()
  for (const closer of closers) {
    const key = `${closer.role} ${closer.address} ${closer.port} ${closer.process && nameOf(closer.process)}`
    let row = rows.get(key)
    if (row === undefined) rows.set(key, (row = { first: closer, pids: [], count: 0 }))
    row.count += closer.count
    if (closer.process !== undefined) row.pids.push(closer.process.pid)
  }
  return [...rows.values()].sort((a, b) => b.count - a.count)
}

const NARROW = {
  leave: ['COMMAND', 'AS', 'PID'],
  shrinksTo: { 'CLOSED FIRST BY': 12, 'FOUND NO LOCAL PORT': 12, OF: 12, TOWARDS: 12, COMMAND: 16 },
  bringBack: '--json',
}

const NUMBERS = new Set(['PID', 'CONNECTIONS', 'EADDRNOTAVAIL'])

/** The first rows, and how many more there are; nothing where there are none. */
function firstOf(rows: string[][], head: string[], { borders, top, width }: Layout): string {
  if (rows.length === 0) return ''
  const align = head.map(column => (NUMBERS.has(column) ? 'right' : 'left'))
  const more = rows.length > top ? `${rows.length - top} more: --top ${rows.length}\n` : ''
  return smallTable(rows.slice(0, top), { head, align, borders, width, ...NARROW }) + more
}

/** `8802 of 8802 explained`: of what the kernel counted, how much has a name. */
export function proof(who: WhoClosed): string {
  const { counted, explained, connections, lostEvents, foreign } = who
  const total = counted === undefined ? connections.length : counted.timeWait + counted.overflowed
  // A reset ends a connection where its TIME_WAIT would have begun: traced, but never counted.
  const reset = Math.max(0, connections.length - total)
  const unnamed = connections.length - explained
  const notes = [
    ...(counted === undefined ? ['this kernel does not count them, so nothing proves it whole'] : []),
    ...(unnamed > 0 ? [`${unnamed} closed before tracing began`] : []),
    ...(reset > 0 ? [`${reset} more ended in a reset instead`] : []),
    ...(counted !== undefined && counted.overflowed > 0
      ? [`${counted.overflowed} of them got no TIME_WAIT at the limit of tcp_max_tw_buckets`]
      : []),
    ...(lostEvents > 0 ? [`at least ${lostEvents} events lost`] : []),
    ...(foreign > 0 ? [`${foreign} of other network namespaces left out`] : []),
  ]
  return `${Math.min(explained, total)} of ${total} explained${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`
}
