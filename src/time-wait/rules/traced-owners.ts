import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { OwnerCandidate, TuplePressure } from '../model.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'
import type { WhoClosed } from '../who/who-closed.ts'

/**
 * Replaces the processes with open connections to a destination by those that were traced closing connections to it, each
 * with the rows of the table that are such connections. Rows that were there before tracing began stay without an owner.
 */
export function withTracedOwners(
  tuples: readonly TuplePressure[],
  who: WhoClosed,
  { find, timeWaitSockets }: Pick<TimeWaitSnapshot, 'find' | 'timeWaitSockets'>,
): TuplePressure[] {
  const owners = new Map<string, Map<number, OwnerCandidate & { rows: { timeWait: number; finWait2: number } }>>()
  for (const { role, closer, localAddress, localPort, remoteAddress, remotePort } of who.connections) {
    if (role === 'server' || closer === undefined) continue
    const key = keyOf({ localAddress, remoteAddress, remotePort })
    let byPid = owners.get(key)
    if (byPid === undefined) owners.set(key, (byPid = new Map()))
    let owner = byPid.get(closer.pid)
    if (owner === undefined) byPid.set(closer.pid, (owner = { ...closer, hits: 0, rows: { timeWait: 0, finWait2: 0 } }))
    owner.hits += 1
    const row = find(localAddress, localPort, remoteAddress, remotePort)
    if (row !== undefined) owner.rows[timeWaitSockets.state[row] === TCP_STATE.timeWait ? 'timeWait' : 'finWait2'] += 1
  }
  return tuples.map(tuple => {
    const byPid = owners.get(keyOf(tuple))
    if (byPid === undefined) return tuple
    return { ...tuple, traced: true, candidates: [...byPid.values()].sort((a, b) => b.hits - a.hits) }
  })
}

function keyOf(tuple: { localAddress: string; remoteAddress: string; remotePort: number }): string {
  return `${tuple.localAddress} ${tuple.remoteAddress} ${tuple.remotePort}`
}
