import { describe, expect, test } from 'vitest'
import type { WatchCounts } from '../model.ts'
import { Session } from './session.ts'

const FIRST: WatchCounts = {
  atMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  tw: 7,
  bornPerS: undefined,
  recycledPerS: undefined,
  overflowedPerS: undefined,
}
const SECOND: WatchCounts = {
  ...FIRST,
  atMs: FIRST.atMs + 1000,
  tw: 9,
  bornPerS: 2,
  recycledPerS: 0,
  overflowedPerS: 0,
}

describe('lines', () => {
  test('rates are unknown in the first tick', () => {
    const session = new Session('lines', [])
    expect(session.tick(FIRST, undefined, undefined)).toBe(
      '03:04:05 tw 7  created/s -  reused/s -  over the limit/s -\n',
    )
    expect(session.tick(SECOND, undefined, undefined)).toBe(
      '03:04:06 tw 9  created/s 2.0  reused/s 0  over the limit/s 0\n',
    )
    expect(session.summary()).toBe('created per second, this session: █ peak 2.0\n')
  })

  test('a session of one tick has no rates to sum up', () => {
    const session = new Session('lines', [])
    session.tick(FIRST, undefined, undefined)
    expect(session.summary()).toBe('')
  })
})

test('the screen keeps the rows that were read last', () => {
  const session = new Session('screen', [])
  session.tick(FIRST, 'ROWS\n', undefined)
  expect(session.tick(SECOND, undefined, undefined)).toMatch(/ROWS\n$/)
})

test('JSON lines: counters, then the summary with mean and peak', () => {
  const session = new Session('json', [{ code: 'file-missing', message: 'x' }])
  const lines = [FIRST, SECOND, { ...SECOND, bornPerS: 4 }].map(counts => session.tick(counts, undefined, undefined))
  expect(JSON.parse(lines[1]!)).toEqual({
    type: 'counters',
    at: '2026-01-02T03:04:06.000Z',
    tw: 9,
    bornPerS: 2,
    recycledPerS: 0,
    overflowedPerS: 0,
  })
  expect(JSON.parse(session.summary())).toEqual({
    type: 'summary',
    ticks: 3,
    bornPerS: { mean: 3, peak: 4 },
    warnings: [{ code: 'file-missing', message: 'x' }],
  })
})
