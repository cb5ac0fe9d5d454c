import type { TimeWaitFigures, TimeWaitTiming, TuplePressure, WhatIf } from '../model.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'
import { portForecast } from './ports/forecast.ts'
import { portCapacity } from './ports/port-capacity.ts'
import { tuplePressures } from './ports/tuple-pressure.ts'

/**
 * Computes every tuple again as it would be with other settings: from the rows and the rate of arrivals of now, with the
 * port range, tcp_tw_reuse, the number of source addresses or a connection pool of `change`.
 */
export function whatIfTuples(
  snapshot: TimeWaitSnapshot,
  { timing, totals }: TimeWaitFigures,
  change: WhatIf,
): TuplePressure[] {
  const { timeWaitSockets, connections, owners, userHz = 100 } = snapshot
  const settings = {
    ...snapshot.settings,
    ...(change.range && { range: change.range, reserved: snapshot.settings.reserved ?? [] }),
    ...(change.reuse !== undefined && { twReuse: change.reuse }),
  }
  const one = portCapacity(settings, connections.listening.ports.keys())
  const capacity = one && { ...one, ports: one.ports * (1 + (change.moreSources ?? 0)) }
  const ended = totals.births === undefined ? undefined : totals.births - timeWaitSockets.length
  // The load stays what it is; of the ports held now, those outside a new range are of no use to it.
  const countsAllArrivals = change.range !== undefined
  const facts = { timeWaitSockets, settings, capacity, timing, userHz, owners, ended, countsAllArrivals }
  const tuples = tuplePressures(connections.active, facts)
  const { pool } = change
  return pool === undefined ? tuples : tuples.map(tuple => pooled(tuple, pool, timing))
}

/** The tuple once its TIME_WAITs are gone: `pool` connections stay open and no new one is needed. */
function pooled(tuple: TuplePressure, pool: number, timing: TimeWaitTiming | undefined): TuplePressure {
  const { capacity } = tuple
  return {
    ...tuple,
    timeWait: 0,
    finWait2: 0,
    open: pool,
    used: pool,
    blocked: pool,
    heldOpen: pool,
    elsewhere: 0,
    utilization: capacity === undefined ? undefined : pool / capacity,
    otherParity: 0,
    parity: undefined,
    forecast:
      capacity === undefined || timing === undefined
        ? undefined
        : portForecast({
            freesInTicks: new Uint32Array(),
            ticksPerS: 1,
            heldOpen: pool,
            timeWaitAtMost: Infinity,
            capacity,
            arrivalsPerS: 0,
            load: 'none',
            othersPerS: 0,
            filledPerS: undefined,
            holdS: timing.lengthS,
            longestHoldS: timing.lengthS + timing.granuleS,
          }),
  }
}
