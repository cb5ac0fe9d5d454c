import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_STRACE_COLUMNS, type StraceTable } from '../strace-columns.ts'
import { summaryProfile } from './strace-summary-profile.ts'
import { parseStraceSummary } from './strace-summary.ts'
import { straceTableLines } from '../../../test/support/strace-table.ts'
import { captures, realSample, STRACE_FIXTURES } from '../../../test/support/strace-captures.ts'

const files = await captures('summary', /\.(txt|out)$/)
const print = (tables: StraceTable[]) => tables.flatMap(table => [...straceTableLines(table)]).join('')
const sum = (table: StraceTable, column: 'calls' | 'errors' | 'seconds') =>
  table.rows.reduce((all, row) => all + (row.cells[column] ?? 0), 0)

/** Tables of a text, told by its lines of dashes alone. */
const tablesIn = (text: string) => (text.match(/^-+( -+)*\r?$/gm) ?? []).length / 2

describe('every capture of strace -c', () => {
  test('there are captures of four versions', () => {
    expect(new Set(files.map(file => file.name.split('/')[0]))).toEqual(new Set(['4.26', '5.3', '6.1', '6.13']))
    expect(files.length).toBeGreaterThan(230)
  })

  test.each(files)('$name: as many tables as it has, whose rows add up to their totals', ({ bytes }) => {
    const text = bytes.toString('latin1')
    const { tables } = parseStraceSummary(text)
    expect(tables).toHaveLength(tablesIn(text))
    for (const table of tables) {
      if (table.columns.includes('calls')) expect(sum(table, 'calls')).toBe(table.total?.cells.calls ?? 0)
      if (table.columns.includes('errors')) expect(sum(table, 'errors')).toBe(table.total?.cells.errors ?? 0)
    }
    expect(summaryProfile(tables, [], false).warnings).toEqual([])
  })

  test.each(files.filter(file => !file.name.includes('/lc-')))('$name: printed as strace did', ({ bytes }) => {
    const text = bytes.toString('latin1')
    const { tables } = parseStraceSummary(text)
    expect(text).toContain(print(tables))
  })

  test.each(files)('$name: each number of a row is one strace printed', ({ bytes }) => {
    const lines = new Set(
      bytes
        .toString('latin1')
        .split('\n')
        .map(line => line.trim().split(/\s+/).join(' ').replaceAll(',', '.')),
    )
    for (const { rows, columns } of parseStraceSummary(bytes.toString('latin1')).tables)
      for (const row of rows) {
        const words = columns.flatMap(column => {
          if (column === 'syscall') return [row.name]
          const value = row.cells[column]
          if (value === undefined) return []
          return [
            column === '% time'
              ? value.toFixed(2)
              : ['calls', 'errors', 'usecs/call'].includes(column)
                ? String(value)
                : value.toFixed(6),
          ]
        })
        expect(lines).toContain(words.join(' '))
      }
  })
})

describe('the table of a Go TCP server', () => {
  test.each(['go-tcp-server.txt', 'go-tcp-server-squeezed.txt'])('%s', name => {
    const text = readFileSync(join(STRACE_FIXTURES, name), 'latin1')
    const { tables, rejected } = parseStraceSummary(text)
    expect(rejected).toEqual([])
    expect(tables).toHaveLength(1)
    const table = tables[0]!
    expect(table.rows).toHaveLength(16)
    expect(table.total).toEqual({
      name: 'total',
      cells: { '% time': 100, seconds: 0.435805, calls: 12_958, errors: 653 },
    })
    expect(sum(table, 'errors')).toBe(653)
    expect(table.rows[5]).toEqual({
      name: 'read',
      cells: { '% time': 0.12, seconds: 0.000525, 'usecs/call': 1, calls: 915, errors: 457 },
    })
    const profile = summaryProfile(tables, rejected, false)
    expect(profile.warnings).toEqual([])
    expect(profile.syscalls[0]).toMatchObject({
      name: 'futex',
      calls: 1185,
      errors: 29,
      system: { totalNs: 397_615_000 },
    })
  })

  test('both forms are the same profile, and print as the first', () => {
    const [wide, squeezed] = ['go-tcp-server.txt', 'go-tcp-server-squeezed.txt'].map(name =>
      readFileSync(join(STRACE_FIXTURES, name), 'latin1'),
    ) as [string, string]
    expect(parseStraceSummary(squeezed)).toEqual(parseStraceSummary(wide))
    expect(print(parseStraceSummary(squeezed).tables)).toBe(wide)
  })
})

describe('tables people posted', () => {
  const of = (number: string) => parseStraceSummary(realSample(number)).tables
  test.each([
    [
      '01',
      [
        [0, 0],
        [697, 7],
      ],
    ],
    ['02', [[53, 1]]],
    ['03', [[278_443, 9703]]],
    ['04', [[32, 3]]],
    ['05', [[1, 0]]],
    ['06', [[1742, 23]]],
    ['07', [[34, 1]]],
    ['08', [[42_454, 6]]],
    ['09', [[10_143, 13]]],
    ['10', [[10_467, 455]]],
    ['11', [[34, 2]]],
    ['13', [[4_044_884, 20_105]]],
    ['14', [[37_531, 13_513]]],
    ['15', [[30, 1]]],
    ['17', [[267_648, 0]]],
  ])('sample %s holds tables of these calls and errors', (number, expected) => {
    expect(of(number).map(table => [sum(table, 'calls'), sum(table, 'errors')])).toEqual(expected)
  })

  test.each([
    ['11', /the total row says 3 errors, but its rows add up to 2/],
    ['06', /the total row is missing/],
    ['17', /usecs\/call holds fractions/],
  ])('sample %s is doubted', (number, doubt) => {
    const warnings = summaryProfile(of(number), [], false).warnings.map(warning => warning.message)
    expect(warnings).toEqual(expect.arrayContaining([expect.stringMatching(doubt)]))
  })

  test.each(['12', '16'])('sample %s holds no table', number => {
    expect(of(number)).toEqual([])
  })

  test('nan stays nan, a comma is a point', () => {
    expect(of('02')[0]!.rows[0]!.cells['% time']).toBeNaN()
    expect(of('07')[0]!.rows[0]!.cells).toMatchObject({ '% time': 33.78, seconds: 0.000229 })
  })
})

test('a line in a table that is no row is counted and quoted', () => {
  const text = readFileSync(join(STRACE_FIXTURES, 'go-tcp-server.txt'), 'latin1')
  const lines = text.split('\n')
  lines.splice(5, 0, 'Segmentation fault (core dumped)')
  const { tables, rejected } = parseStraceSummary(lines.join('\n'))
  expect(sum(tables[0]!, 'errors')).toBe(653)
  expect(rejected).toEqual([
    { reason: 'no row of a strace -c table', lines: 1, firstLine: 6, quote: 'Segmentation fault (core dumped)' },
  ])
})

test('wall columns of 7.1 and those of -U in any order are read', () => {
  const text = [
    'wall-total syscall             calls wall-min seconds',
    '----------- ---------------- --------- -------- -----------',
    '   1.000200 nanosleep                2 0.000100    0.000012',
    '----------- ---------------- --------- -------- -----------',
    '   1.000200 total                    2 0.000100    0.000012',
  ].join('\n')
  const profile = summaryProfile(parseStraceSummary(text).tables, [], false)
  expect(profile.syscalls).toEqual([
    {
      name: 'nanosleep',
      abi: 'native',
      calls: 2,
      errors: 0,
      system: { totalNs: 12_000, minNs: undefined, maxNs: undefined, meanNs: undefined },
      wall: { totalNs: 1_000_200_000, minNs: 100_000, maxNs: undefined, meanNs: undefined },
    },
  ])
})

describe('any table', () => {
  const row = fc.record({
    name: fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/).filter(name => name !== 'total' && name !== 'syscall'),
    micros: fc.nat(2 ** 31),
    calls: fc.integer({ min: 1, max: 1e9 }),
    errors: fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: undefined }),
  })
  const table = fc
    .uniqueArray(row, { selector: ({ name }) => name, minLength: 1, maxLength: 12 })
    .map((rows): StraceTable => ({
      abi: 'native',
      columns: [...DEFAULT_STRACE_COLUMNS],
      rows: rows.map(({ name, micros, calls, errors }) => ({
        name,
        cells: {
          '% time': 12.34,
          seconds: micros / 1e6,
          'usecs/call': Math.floor(micros / calls),
          calls,
          ...(errors !== undefined && { errors }),
        },
      })),
      total: {
        name: 'total',
        cells: { '% time': 100, seconds: 1, 'usecs/call': 7, calls: rows.reduce((all, r) => all + r.calls, 0) },
      },
    }))

  test('reads back as it was printed', () => {
    fc.assert(
      fc.property(table, made => {
        expect(parseStraceSummary(print([made])).tables).toEqual([made])
      }),
    )
  })

  test('reads the same with its blanks squeezed, its lines indented, and commas for points', () => {
    fc.assert(
      fc.property(table, made => {
        const squeezed = print([made]).replaceAll(/ +/g, ' ')
        const moved = print([made]).replaceAll(/^/gm, '    ')
        expect(parseStraceSummary(squeezed).tables).toEqual([made])
        expect(parseStraceSummary(moved).tables).toEqual([made])
        expect(parseStraceSummary(print([made]).replaceAll('.', ',')).tables).toEqual([made])
      }),
    )
  })
})
