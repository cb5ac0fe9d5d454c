import type { TuplePressure } from '../model.ts'
import type { WhoClosed } from '../who/who-closed.ts'

/**
 * Replaces guessed owners of destinations by the processes that were traced closing connections to them; destinations
 * without a traced connection keep their guesses.
 */
export function withTracedOwners(tuples: readonly TuplePressure[], who: WhoClosed): TuplePressure[] {
  return tuples.map(tuple => {
    const candidates = who.closers.flatMap(({ role, process, address, port, count }) =>
      role !== 'server' && process !== undefined && address === tuple.remoteAddress && port === tuple.remotePort
        ? [{ ...process, hits: count }]
        : [],
    )
    return candidates.length === 0 ? tuple : { ...tuple, traced: true, candidates }
  })
}
