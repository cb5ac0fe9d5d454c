import type { PortForecast } from '../model/time-wait.ts'

export interface ForecastInput {
  /** Seconds until each port is free again. */
  freesInS: Float64Array
  /** Ports held by connections that are not about to end. */
  heldOpen: number
  capacity: number
  arrivalsPerS: number
  /** How long a port is held after a close, on average. */
  holdS: number
  /** The longest it can be held: what the sustainable rate must reckon with. */
  longestHoldS: number
}

const STEP_S = 0.05

/**
 * Ports of one tuple from now on: those held now are freed at known times, new ones are taken at the rate of the last
 * seconds. Above the sustainable rate connects fail in waves, not evenly: once every port is taken, ports come free in
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

/** First moment at which every port is taken; the arrivals of now leave after `holdS`, so nothing new happens later than that. */
function timeToExhaustion(input: ForecastInput & { late?: boolean }): number | undefined {
  const { capacity, arrivalsPerS, holdS, longestHoldS, heldOpen } = input
  const held = heldOpen + input.freesInS.length
  if (held >= capacity) return 0
  if (held + arrivalsPerS * longestHoldS < capacity) return undefined
  const lateS = input.late === true ? longestHoldS - holdS : 0
  // Ports by the step in which they are free: counting is cheaper than sorting, and steps are all that is asked for.
  const steps = Math.ceil(holdS / STEP_S) + 1
  const freed = new Uint32Array(steps + 1)
  for (const seconds of input.freesInS) freed[Math.min(steps, Math.ceil((seconds + lateS) / STEP_S))]! += 1
  let gone = 0
  for (let step = 0; step <= steps; step += 1) {
    gone += freed[step]!
    if (held - gone + arrivalsPerS * step * STEP_S >= capacity) return step * STEP_S
  }
  return undefined
}
