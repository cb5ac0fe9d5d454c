import { describe, expect, test } from 'vitest'
import { reportOf, clients } from '../../../test/support/time-wait-recording.ts'
import type { WhatIf } from '../model.ts'

/** 200 connections in 10 s, from every other port of 10000-10999. */
const ROWS = clients(200, { from: 10000, everyS: 0.05 })
const settings = { ip_local_port_range: '10000\t10999', tcp_tw_reuse: '0' }
const whatIf = (change: WhatIf) =>
  reportOf({ rows: ROWS, settings }, { whatIf: { asked: 'x', change } }).whatIf!.tuples[0]!

describe('another range', () => {
  test.each([
    ['as many ports, none of them in use', 20000, 20999, 0, 50],
    ['half of those in use are in it', 10200, 11199, 100, 45],
    ['a narrower one', 10000, 10299, 150, 7.5],
    ['two ports', 1, 2, 0, 0.1],
  ])('%s', (_, low, high, taken, outInS) => {
    const { blocked, forecast } = whatIf({ range: { low, high } })
    expect(blocked).toBe(taken)
    expect(forecast!.arrivalsPerS).toBeCloseTo(20, 0)
    expect(forecast!.exhaustedInS).toBeCloseTo(outInS, 0)
  })
})

test('what is not changed stays', () => {
  expect(whatIf({}).forecast!.exhaustedInS).toBeCloseTo(40, 0)
})
