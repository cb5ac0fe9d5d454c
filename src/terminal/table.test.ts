import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { smallTable, type TableOptions } from './table.ts'
import { textWidth } from './text-width.ts'

const HEAD = ['DESTINATION', 'FROM', 'TIME_WAIT', 'OPENED BY']
const ROWS = [
  ['192.0.2.7:8080', '192.0.2.1', '6788', 'python3 (pid 4711, 12 live)'],
  ['[2001:db8::17]:443', '2001:db8::1', '12', '日本語'],
]
const table = (options: Partial<TableOptions>) =>
  smallTable(ROWS, {
    head: HEAD,
    align: ['left', 'left', 'right'],
    borders: false,
    leave: ['FROM', 'TIME_WAIT'],
    shrinksTo: { 'OPENED BY': 12, DESTINATION: 12 },
    bringBack: 'a wider terminal',
    ...options,
  })

describe('a small table', () => {
  test('in a pipe: whole, aligned, without lines', () => {
    expect(table({})).toBe(`DESTINATION         FROM         TIME_WAIT  OPENED BY
192.0.2.7:8080      192.0.2.1         6788  python3 (pid 4711, 12 live)
[2001:db8::17]:443  2001:db8::1         12  日本語
`)
  })

  test('120 columns: with lines', () => {
    expect(table({ borders: true, width: 120 }))
      .toBe(`┌────────────────────┬─────────────┬───────────┬─────────────────────────────┐
│ DESTINATION        │ FROM        │ TIME_WAIT │ OPENED BY                   │
├────────────────────┼─────────────┼───────────┼─────────────────────────────┤
│ 192.0.2.7:8080     │ 192.0.2.1   │      6788 │ python3 (pid 4711, 12 live) │
│ [2001:db8::17]:443 │ 2001:db8::1 │        12 │ 日本語                      │
└────────────────────┴─────────────┴───────────┴─────────────────────────────┘
`)
  })

  test('one column too few for the lines: none', () => {
    expect(table({ borders: true, width: 77 })).toBe(table({}))
  })

  test('60 columns: cells are shortened', () => {
    expect(table({ borders: true, width: 60 })).toBe(`DESTINATION        FROM         TIME_WAIT  OPENED BY
192.0.2.7:8080     192.0.2.1         6788  python3 …12 live)
[2001:db…:17]:443  2001:db8::1         12  日本語
`)
  })

  test('40 columns: a column leaves', () => {
    expect(table({ width: 40 })).toBe(`DESTINATION     TIME_WAIT  OPENED BY
192.0.2.7:8080       6788  python… live)
[2001:d…7]:443         12  日本語
not shown at 40 columns: FROM (a wider
terminal shows it)
`)
  })

  test('colours stay around a cell that is shortened', () => {
    const [line] = smallTable([['\x1b[31mABCDEFGHIJ\x1b[39m']], { head: ['X'], borders: false, width: 5 })
      .split('\n')
      .slice(1)
    expect(line).toBe('\x1b[31mAB…IJ\x1b[39m')
  })

  test('no line is wider than the terminal', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '日', ' ', '1'), maxLength: 60 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 14, max: 100 }),
        fc.boolean(),
        (rows, width, borders) => {
          const text = smallTable(rows, { head: ['ONE', 'TWO', 'THREE'], borders, width, leave: ['TWO'] })
          expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})
