import { describe, expect, test } from 'vitest'
import { portForecast, type ForecastInput } from './forecast.ts'

/** 1000 ports, none held, each held for 60 s and at most 62 s. */
const IDLE: ForecastInput = {
  freesInTicks: new Uint32Array(),
  ticksPerS: 100,
  heldOpen: 0,
  capacity: 1000,
  arrivalsPerS: 0,
  holdS: 61,
  longestHoldS: 62,
}

describe('when ports run out', () => {
  test('nothing arrives: never', () => {
    expect(portForecast(IDLE)).toEqual({
      arrivalsPerS: 0,
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

  test('open connections take their ports for good', () => {
    expect(portForecast({ ...IDLE, heldOpen: 900 })).toMatchObject({ sustainablePerS: 100 / 62, plateau: 900 })
    expect(portForecast({ ...IDLE, heldOpen: 2000 })).toMatchObject({ sustainablePerS: 0, exhaustedInS: 0 })
  })
})
