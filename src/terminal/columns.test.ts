import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnLines, type Column, type ColumnLayout } from './columns.ts'
import { textWidth } from './text-width.ts'

interface Row {
  pid: string
  name: string
  state: string
  path: string
}

const COLUMNS: Column<Row>[] = [
  { header: 'PID', align: 'right', cell: row => row.pid },
  { header: 'NAME', shrinksTo: 8, cell: row => row.name },
  { header: 'STATE', minWidth: 11, cell: row => row.state },
  { header: 'PATH', shrinksTo: 16, cell: row => row.path },
]
const ROWS: Row[] = [
  { pid: '1', name: 'systemd', state: 'S', path: '/usr/lib/systemd/systemd --switched-root --system --deserialize 32' },
  { pid: '30797', name: '日本語の名前', state: 'TIME_WAIT', path: '/srv/app' },
]
const PLAIN: ColumnLayout = { widths: 'fit', header: true, color: false }
const LEAVE = ['STATE', 'PID']

const table = (layout: Partial<ColumnLayout>, rows = ROWS, columns = COLUMNS) =>
  [...columnLines(columns, rows, { ...PLAIN, leave: LEAVE, bringBack: '--columns NAMES', ...layout })].join('')

describe('a table on a terminal', () => {
  test.each([
    [
      200,
      `  PID NAME         STATE       PATH
    1 systemd      S           /usr/lib/systemd/systemd --switched-root --system --deserialize 32
30797 日本語の名前 TIME_WAIT   /srv/app
`,
    ],
    [
      80,
      `  PID NAME         STATE       PATH
    1 systemd      S           /usr/lib/systemd/systemd…-system --deserialize 32
30797 日本語の名前 TIME_WAIT   /srv/app
`,
    ],
    [
      40,
      `  PID NAME         PATH
    1 systemd      /usr/lib/s…rialize 32
30797 日本語の名前 /srv/app
not shown at 40 columns: STATE
(--columns NAMES shows it)
`,
    ],
    [
      25,
      `NAME     PATH
systemd  /usr/lib…lize 32
日本…前  /srv/app
not shown at 25 columns:
PID, STATE (--columns
NAMES shows them)
`,
    ],
  ])('%i columns', (width, text) => {
    expect(table({ width })).toBe(text)
  })

  test('returns what left, and says it only where a flag brings it back', () => {
    const lines = columnLines(COLUMNS, ROWS, { ...PLAIN, leave: LEAVE, width: 40 })
    let step = lines.next()
    let text = ''
    for (; step.done !== true; step = lines.next()) text += step.value
    expect(step.value).toEqual(['STATE'])
    expect(text).not.toContain('not shown')
  })

  test('prose in the last column goes on below itself', () => {
    const columns: Column<Row>[] = [COLUMNS[0]!, { header: 'ABOUT', wraps: true, shrinksTo: 10, cell: row => row.path }]
    expect(table({ width: 30 }, ROWS, columns)).toBe(`  PID ABOUT
    1 /usr/lib/systemd/systemd
      --switched-root --system
      --deserialize 32
30797 /srv/app
`)
  })

  test('rows as they come: a cell that is too long gives way, a number stays whole', () => {
    const columns: Column<Row>[] = [
      { header: 'PID', align: 'right', minWidth: 3, cell: row => row.pid },
      { header: 'NAME', minWidth: 8, cell: row => row.name },
      { header: 'PATH', shrinksTo: 12, cell: row => row.path },
    ]
    expect(table({ widths: 'fixed', width: 32 }, ROWS, columns)).toBe(`PID NAME     PATH
  1 systemd  /usr/lib/…ialize 32
30797 日本語の名前 /srv/app
`)
    expect(table({ widths: 'fixed', width: 25 }, ROWS, columns)).toBe(`PID NAME     PATH
  1 systemd  /usr/l…ze 32
30797 日本…名前 /srv/app
`)
  })

  test('colour is put around what is left of a cell', () => {
    const red: Column<Row>[] = [{ header: 'PATH', cell: row => row.path, paint: text => `<${text}>` }]
    expect(table({ width: 9, header: false, color: true }, ROWS, red)).toBe('</usr…e 32>\n</srv/app>\n')
  })

  test('no row is wider than the terminal, whatever the cells hold', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '日', '😀', 'é', ' ', '1'), maxLength: 80 })
    const row = fc.record({ pid: cell, name: cell, state: cell, path: cell })
    const layouts = fc.record({
      width: fc.integer({ min: 16, max: 120 }),
      widths: fc.constantFrom('fit' as const, 'fixed' as const),
      leave: fc.constantFrom([], LEAVE),
    })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), layouts, (rows, layout) => {
        const lines = table(layout, rows).split('\n')
        expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(layout.width)
      }),
    )
  })
})

describe('a table in a pipe', () => {
  test('is whole and aligned', () => {
    expect(table({})).toBe(`  PID NAME         STATE       PATH
    1 systemd      S           /usr/lib/systemd/systemd --switched-root --system --deserialize 32
30797 日本語の名前 TIME_WAIT   /srv/app
`)
  })

  test('one hostile name does not pad all other rows', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ ...ROWS[0]!, name: i === 7 ? 'x'.repeat(3500) : 'sshd' }))
    const text = table({}, rows)
    expect(text).toContain('x'.repeat(3500))
    expect(text.length).toBeLessThan(10_000)
  })

  test('of many rows some are measured, none is cut', () => {
    const rows = Array.from({ length: 9000 }, (_, i) => ({ ...ROWS[0]!, name: i === 1 ? 'n'.repeat(30) : 'name' }))
    const lines = table({}, rows).split('\n')
    expect(lines[2]).toContain(` ${'n'.repeat(30)} S`)
    expect(lines[3]).toContain('  1 name S ')
  })

  test('blanks before an empty last cell are left out', () => {
    expect(table({ header: false }, [{ ...ROWS[0]!, path: '' }])).toBe('  1 systemd S\n')
  })
})
