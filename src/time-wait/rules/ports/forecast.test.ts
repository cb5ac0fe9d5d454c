import { describe, expect, test } from 'vitest'
import { portForecast, type ForecastInput } from './forecast.ts'

/** 1000 ports, none held, each held for 60 s and at most 62 s. */
const IDLE: ForecastInput = {
  freesInTicks: new Uint32Array(),
  ticksPerS: 100,
  heldOpen: 0,
  timeWaitAtMost: Infinity,
  capacity: 1000,
  arrivalsPerS: 0,
  load: 'steady',
  othersPerS: 0,
  filledPerS: undefined,
  holdS: 61,
  longestHoldS: 62,
}

describe('when ports run out', () => {
  test('nothing arrives: never', () => {
    expect(portForecast({ ...IDLE, load: 'none' })).toEqual({
      arrivalsPerS: 0,
      load: 'none',
      filledPerS: undefined,
      recovery: undefined,
      sustainablePerS: 1000 / 62,
      plateau: 0,
      exhaustedInS: undefined,
      waves: undefined,
    })
  })

  test('at 20 a second into 1000 free ports: in 50 s, then for 12 of every 62 s', () => {
    const { exhaustedInS, waves } = portForecast({ ...IDLE, arrivalsPerS: 20 })
    expect(exhaustedInS).toBe(50)
    expect(waves).toEqual({ lengthS: expect.closeTo(12, 5), periodS: 62 })
  })

  test('all are taken: now', () => {
    expect(portForecast({ ...IDLE, freesInTicks: new Uint32Array(1000).fill(500) }).exhaustedInS).toBe(0)
  })

  test('ports freed in time make room', () => {
    const half = { ...IDLE, arrivalsPerS: 16, freesInTicks: new Uint32Array(500).fill(100) }
    expect(portForecast(half).exhaustedInS).toBeUndefined()
    expect(portForecast({ ...half, freesInTicks: new Uint32Array(500).fill(6000) }).exhaustedInS).toBeCloseTo(31.25, 1)
  })

  test('clients of other destinations take ports from the same supply', () => {
    const { exhaustedInS, sustainablePerS } = portForecast({ ...IDLE, arrivalsPerS: 10, othersPerS: 10 })
    expect(exhaustedInS).toBe(50)
    expect(sustainablePerS).toBeCloseTo(1000 / 62 - 10, 5)
  })

  test('more TIME_WAITs than tcp_max_tw_buckets are not made: they take no port', () => {
    const limited = { ...IDLE, arrivalsPerS: 20, timeWaitAtMost: 100 }
    expect(portForecast(limited)).toMatchObject({ exhaustedInS: undefined, waves: undefined, plateau: 100 })
    expect(portForecast({ ...limited, heldOpen: 950 }).exhaustedInS).toBe(2.5)
  })

  test('of a load that has just begun nothing is foretold', () => {
    const begun = portForecast({ ...IDLE, arrivalsPerS: 900, load: 'just-begun' })
    expect(begun).toMatchObject({ exhaustedInS: undefined, waves: undefined, arrivalsPerS: 900 })
  })

  test('all taken: when the next port is free, and when the last', () => {
    const freesInTicks = Uint32Array.from({ length: 1000 }, (_, i) => 150 + i)
    expect(portForecast({ ...IDLE, freesInTicks }).recovery).toEqual({ nextPortInS: 1.5, allPortsInS: 11.49 })
    expect(portForecast({ ...IDLE, heldOpen: 1000 }).recovery).toBeUndefined()
    expect(portForecast({ ...IDLE, freesInTicks: freesInTicks.subarray(1) }).recovery).toBeUndefined()
  })

  test('open connections take their ports for good', () => {
    expect(portForecast({ ...IDLE, heldOpen: 900 })).toMatchObject({ sustainablePerS: 100 / 62, plateau: 900 })
    expect(portForecast({ ...IDLE, heldOpen: 2000 })).toMatchObject({ sustainablePerS: 0, exhaustedInS: 0 })
  })
})
