import type { PortForecast } from '../model.ts'

export interface ForecastInput {
  /** When each port is free again. Whole ticks in a typed array: there is one for each row. */
  freesInTicks: Uint32Array
  ticksPerS: number
  /** Ports held by connections that are not about to end. */
  heldOpen: number
  capacity: number
  arrivalsPerS: number
  /** How long a port is held after a close, on average. */
  holdS: number
  /** The longest it can be held; the sustainable rate is computed from it. */
  longestHoldS: number
}

/**
 * Predicts when the ports of one tuple run out, from the ports held now, the times they are freed and the rate of the last
 * seconds. Above the sustainable rate connects fail in waves, not evenly: once every port is taken, ports become free in
 * the pattern in which they were taken.
 */
export function portForecast(input: ForecastInput): PortForecast {
  const { capacity, arrivalsPerS, holdS, longestHoldS, heldOpen } = input
  const available = Math.max(0, capacity - heldOpen)
  const sustainablePerS = available / longestHoldS
  const exhaustedInS = timeToExhaustion(input)
  const overloaded = arrivalsPerS > sustainablePerS
  return {
    arrivalsPerS,
    sustainablePerS,
    plateau: heldOpen + arrivalsPerS * holdS,
    exhaustedInS:
      exhaustedInS ?? (overloaded ? timeToExhaustion({ ...input, holdS: longestHoldS, late: true }) : undefined),
    waves: overloaded
      ? { lengthS: longestHoldS * (1 - sustainablePerS / arrivalsPerS), periodS: longestHoldS }
      : undefined,
  }
}

/** First moment at which every port is taken. Connections of now leave after `holdS`, so nothing changes after that. */
function timeToExhaustion(input: ForecastInput & { late?: boolean }): number | undefined {
  const { capacity, arrivalsPerS, holdS, longestHoldS, heldOpen, freesInTicks, ticksPerS } = input
  const held = heldOpen + freesInTicks.length
  if (held >= capacity) return 0
  if (held + arrivalsPerS * longestHoldS < capacity) return undefined
  const lateTicks = input.late === true ? Math.round((longestHoldS - holdS) * ticksPerS) : 0
  // Ports by the tick in which they are free: counting is cheaper than sorting.
  const ticks = Math.ceil(holdS * ticksPerS) + 1
  const freed = new Uint32Array(ticks + 1)
  for (const left of freesInTicks) freed[Math.min(ticks, left + lateTicks)]! += 1
  let gone = 0
  for (let tick = 0; tick <= ticks; tick += 1) {
    gone += freed[tick]!
    if (held - gone + (arrivalsPerS * tick) / ticksPerS >= capacity) return tick / ticksPerS
  }
  return undefined
}
