import type { WhoClosed } from '../model/who-closed.ts'
import { endpoint } from '../model/time-wait-words.ts'
import { escapeBytes } from './escape.ts'
import { smallTable } from './table.ts'

/** Who closed first, who found no port, and how that compares with what the kernel counted. */
export function whoClosedText(who: WhoClosed, options: { borders: boolean; top: number }): string {
  const { closers, refused } = who
  const parts = [`closed first, traced for ${who.tracedS.toFixed(1)} s: ${proof(who)}\n`]
  if (closers.length > 0)
    parts.push(
      smallTable(
        closers
          .slice(0, options.top)
          .map(closer => [
            closer.holder === undefined ? 'closed before tracing began' : escapeBytes(closer.holder.program),
            closer.holder === undefined ? '-' : String(closer.holder.pid),
            closer.role,
            endpoint(closer.address, closer.port),
            String(closer.count),
          ]),
        {
          head: ['CLOSED FIRST BY', 'PID', 'AS', 'OF', 'CONNECTIONS'],
          align: ['left', 'right', 'left', 'left', 'right'],
          borders: options.borders,
        },
      ),
    )
  if (closers.length > options.top) parts.push(`${closers.length - options.top} more: --top ${closers.length}\n`)
  if (refused.length > 0)
    parts.push(
      smallTable(
        refused
          .slice(0, options.top)
          .map(refusal => [
            escapeBytes(refusal.holder.program),
            String(refusal.holder.pid),
            endpoint(refusal.remoteAddress, refusal.remotePort),
            String(refusal.count),
          ]),
        {
          head: ['FOUND NO LOCAL PORT', 'PID', 'TOWARDS', 'EADDRNOTAVAIL'],
          align: ['left', 'right', 'left', 'right'],
          borders: options.borders,
        },
      ),
    )
  return parts.join('')
}

/** `8802 of 8802 explained`: of what the kernel counted, how much has a name. */
export function proof(who: WhoClosed): string {
  const { counted, explained, connections, lostEvents, foreign } = who
  const total = counted?.timeWait ?? connections.length
  const notes = [
    ...(counted === undefined ? ['this kernel does not count them, so nothing proves it whole'] : []),
    ...(connections.length > explained ? [`${connections.length - explained} closed before tracing began`] : []),
    ...(counted !== undefined && counted.overflowed > 0
      ? [`${counted.overflowed} more got no TIME_WAIT at the limit of tcp_max_tw_buckets`]
      : []),
    ...(lostEvents > 0 ? [`at least ${lostEvents} events lost`] : []),
    ...(foreign > 0 ? [`${foreign} of other network namespaces left out`] : []),
  ]
  return `${explained} of ${total} explained${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`
}
