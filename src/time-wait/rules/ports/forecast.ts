import type { LoadState, PortForecast } from '../../model.ts'

export interface ForecastInput {
  /** When each port is free again. Whole ticks in a typed array: there is one for each row. */
  freesInTicks: Uint32Array
  ticksPerS: number
  /** Ports held by connections that are not about to end. */
  heldOpen: number
  /** tcp_max_tw_buckets: TIME_WAITs beyond it are not made, so they hold no port. */
  timeWaitAtMost: number
  capacity: number
  arrivalsPerS: number
  load: LoadState
  /** Ports per second that clients of other destinations take from the same supply. */
  othersPerS: number
  /** How fast the ports held now were taken. */
  filledPerS: number | undefined
  /** How long a port is held after a close, on average. */
  holdS: number
  /** The longest it can be held; the sustainable rate is computed from it. */
  longestHoldS: number
}

/**
 * Predicts when the ports of one tuple run out, from the ports held now, the times they are freed and the rate of the last
 * seconds. Above the sustainable rate connects fail in waves, not evenly: once every port is taken, ports become free in
 * the pattern in which they were taken. A burst that has ended, or of which one look cannot say whether it goes on, gives
 * no forecast.
 */
export function portForecast(input: ForecastInput): PortForecast {
  const { capacity, arrivalsPerS, othersPerS, holdS, longestHoldS, heldOpen, load } = input
  const available = Math.max(0, capacity - heldOpen)
  const sustainablePerS = Math.max(0, available / longestHoldS - othersPerS)
  const held = heldOpen + input.freesInTicks.length
  const isExhausted = held >= capacity
  const mayRunOut = load !== 'just-begun' && heldOpen + input.timeWaitAtMost >= capacity
  const exhaustedInS = isExhausted ? 0 : mayRunOut ? timeToExhaustion(input) : undefined
  const overloaded = mayRunOut && arrivalsPerS > sustainablePerS
  return {
    arrivalsPerS,
    load,
    sustainablePerS,
    plateau: heldOpen + Math.min(arrivalsPerS * holdS, input.timeWaitAtMost),
    exhaustedInS:
      exhaustedInS ?? (overloaded ? timeToExhaustion({ ...input, holdS: longestHoldS, late: true }) : undefined),
    waves: overloaded
      ? { lengthS: longestHoldS * (1 - sustainablePerS / arrivalsPerS), periodS: longestHoldS }
      : undefined,
    filledPerS: input.filledPerS,
    recovery: isExhausted ? recoveryOf(input) : undefined,
  }
}

function recoveryOf({ freesInTicks, ticksPerS }: ForecastInput): PortForecast['recovery'] {
  let [first, last] = [Infinity, 0]
  for (const ticks of freesInTicks) {
    if (ticks < first) first = ticks
    if (ticks > last) last = ticks
  }
  return first === Infinity ? undefined : { nextPortInS: first / ticksPerS, allPortsInS: last / ticksPerS }
}

/** First moment at which every port is taken. Connections of now leave after `holdS`, so nothing changes after that. */
function timeToExhaustion(input: ForecastInput & { late?: boolean }): number | undefined {
  const { capacity, holdS, longestHoldS, heldOpen, freesInTicks, ticksPerS } = input
  const takenPerS = input.arrivalsPerS + input.othersPerS
  const held = heldOpen + freesInTicks.length
  if (held + takenPerS * longestHoldS < capacity) return undefined
  const lateTicks = input.late === true ? Math.round((longestHoldS - holdS) * ticksPerS) : 0
  // Ports by the tick in which they are free: counting is cheaper than sorting.
  const ticks = Math.ceil(holdS * ticksPerS) + 1
  const freed = new Uint32Array(ticks + 1)
  for (const left of freesInTicks) freed[Math.min(ticks, left + lateTicks)]! += 1
  let gone = 0
  for (let tick = 0; tick <= ticks; tick += 1) {
    gone += freed[tick]!
    if (held - gone + (takenPerS * tick) / ticksPerS >= capacity) return tick / ticksPerS
  }
  return undefined
}
