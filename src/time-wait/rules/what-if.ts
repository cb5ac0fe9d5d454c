import type { TimeWaitReading } from '../read/reading.ts'
import type { WhatIf } from './what-if-settings.ts'
import type { PortCapacity, TimeWaitTiming, TuplePressure } from '../model.ts'
import { portCapacity } from './port-capacity.ts'
import { portForecast } from './forecast.ts'
import type { Connections } from './report.ts'
import { tuplePressure } from './tuple-pressure.ts'

export interface WhatIfResult {
  capacity: PortCapacity | undefined
  tuples: TuplePressure[]
}

/** Capacity and forecast of every tuple as they would be with other settings and the load of now. */
export function whatIf(
  reading: TimeWaitReading,
  { listening, sides }: Connections,
  timing: TimeWaitTiming | undefined,
  change: WhatIf,
): WhatIfResult {
  const settings = {
    ...reading.settings,
    ...(change.range && { range: change.range, reserved: reading.settings.reserved ?? [] }),
    ...(change.reuse !== undefined && { twReuse: change.reuse }),
  }
  const one = portCapacity(settings, listening.ports.keys())
  const capacity = one && { ...one, ports: one.ports * (1 + (change.moreSources ?? 0)) }
  const facts = {
    minis: reading.minis,
    settings,
    capacity,
    timing,
    userHz: reading.userHz ?? 100,
    holders: reading.holders,
  }
  const tuples = sides.active.map(group => tuplePressure(group, facts))
  return {
    capacity,
    tuples: change.pool === undefined ? tuples : tuples.map(tuple => pooled(tuple, change.pool!, timing)),
  }
}

/** Once the TIME_WAITs of before are over: `pool` connections stay open, none comes after them. */
function pooled(tuple: TuplePressure, pool: number, timing: TimeWaitTiming | undefined): TuplePressure {
  const { capacity } = tuple
  return {
    ...tuple,
    timeWait: 0,
    finWait2: 0,
    open: pool,
    used: pool,
    blocked: pool,
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
            capacity,
            arrivalsPerS: 0,
            holdS: timing.lengthS,
            longestHoldS: timing.lengthS + timing.granuleS,
          }),
  }
}
