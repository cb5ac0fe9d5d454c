import { describe, expect, test } from 'vitest'
import { textWidth } from '../../terminal/text-width.ts'
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

describe('a screen', () => {
  test('says the time, how old the rows are, and the rows', () => {
    const session = new Session('screen', [])
    expect(session.tick(FIRST, 'VERDICT\nROWS\n', undefined)).toBe(
      '\x1b[?1049h\x1b[H\x1b[J03:04:05 tw 7  created/s -  reused/s -  over the limit/s -\nrows read now\n\nVERDICT\nROWS',
    )
    expect(session.tick(SECOND, undefined, undefined)).toBe(
      '\x1b[H\x1b[J03:04:06 tw 9  created/s 2.0  reused/s 0  over the limit/s 0\n' +
        'created per second, this session: █ peak 2.0\nrows read 1.0 s ago\n\nVERDICT\nROWS',
    )
  })

  test.each([
    [80, 24],
    [40, 12],
  ])('fits %d columns and %d lines, the clock and the verdict first', (columns, lines) => {
    const session = new Session('screen', [])
    const rows = `VERDICT\n${'row\n'.repeat(30)}`
    for (let tick = 0; tick < 70; tick += 1) session.tick(SECOND, rows, undefined, { columns, lines })
    const shown = session.tick(SECOND, rows, undefined, { columns, lines }).replace('\x1b[H\x1b[J', '').split('\n')
    expect(shown).toHaveLength(lines)
    for (const line of shown) expect(textWidth(line)).toBeLessThanOrEqual(columns)
    expect(shown[0]).toMatch(/^03:04:06 tw 9/)
    expect(shown.indexOf('VERDICT')).toBeLessThan(7)
    expect(shown.at(-1)).toMatch(/^\d+ more lines$/)
  })

  test('is left as it was found, with the rows that were read last', () => {
    const session = new Session('screen', [])
    expect(session.leave()).toBe('')
    session.tick(FIRST, 'ROWS\n', undefined)
    expect(session.leave()).toBe('\x1b[?1049lROWS\n')
    expect(session.leave()).toBe('')
  })
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
