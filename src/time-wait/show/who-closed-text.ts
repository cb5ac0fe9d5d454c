import type { WhoClosed } from '../who/who-closed.ts'
import { endpoint } from '../words.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { smallTable } from '../../terminal/table.ts'

interface Layout {
  borders: boolean
  top: number
}

/** Who closed first, who found no port, and how that compares with what the kernel counted. */
export function whoClosedText(who: WhoClosed, layout: Layout): string {
  const closers = who.closers.map(closer => [
    closer.process === undefined ? 'closed before tracing began' : escapeBytes(closer.process.program),
    closer.process === undefined ? '-' : String(closer.process.pid),
    closer.role,
    endpoint(closer.address, closer.port),
    String(closer.count),
  ])
  const refused = who.refused.map(refusal => [
    escapeBytes(refusal.process.program),
    String(refusal.process.pid),
    endpoint(refusal.remoteAddress, refusal.remotePort),
    String(refusal.count),
  ])
  return [
    `closed first, traced for ${who.tracedS.toFixed(1)} s: ${proof(who)}\n`,
    firstOf(closers, ['CLOSED FIRST BY', 'PID', 'AS', 'OF', 'CONNECTIONS'], layout),
    firstOf(refused, ['FOUND NO LOCAL PORT', 'PID', 'TOWARDS', 'EADDRNOTAVAIL'], layout),
  ].join('')
}

const NUMBERS = new Set(['PID', 'CONNECTIONS', 'EADDRNOTAVAIL'])

/** The first rows, and how many more there are; nothing where there are none. */
function firstOf(rows: string[][], head: string[], { borders, top }: Layout): string {
  if (rows.length === 0) return ''
  const align = head.map(column => (NUMBERS.has(column) ? 'right' : 'left'))
  const more = rows.length > top ? `${rows.length - top} more: --top ${rows.length}\n` : ''
  return smallTable(rows.slice(0, top), { head, align, borders }) + more
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
