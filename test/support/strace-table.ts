import type { StraceColumn, StraceRow, StraceTable } from '../../src/syscalls/strace-columns.ts'
import { ruledTable, type RuledColumn } from '../../src/syscalls/show/ruled-table.ts'

/** Widths of strace's columns. Source: strace src/count.c, call_summary_pers. */
const MIN_WIDTHS: Readonly<Record<StraceColumn, number>> = {
  '% time': 6,
  seconds: 11,
  shortest: 8,
  longest: 8,
  'usecs/call': 11,
  calls: 9,
  errors: 9,
  syscall: 16,
  'wall-total': 11,
  'wall-min': 8,
  'wall-max': 8,
  'wall-avg': 11,
}

/** The table as strace prints it; a footer without usecs/call means the fixed widths of strace before 5.6. */
export function* straceTableLines(table: StraceTable): Generator<string> {
  const { columns, total } = table
  const old = total !== undefined && total.cells['usecs/call'] === undefined && columns.includes('usecs/call')
  if (table.abi !== 'native') yield `System call usage summary for ${table.abi === '32' ? '32 bit' : table.abi} mode:\n`
  yield* ruledTable(
    columns.map((column, i) => straceColumn(column, old, i === columns.length - 1, table)),
    table.rows.map(row => columns.map(column => straceCell(row, column))),
    total && columns.map(column => straceCell(total, column)),
  )
}

function straceColumn(header: StraceColumn, old: boolean, last: boolean, table: StraceTable): RuledColumn {
  const name = header === 'syscall'
  // Since 5.6 there is one dash more than the longest name has letters, from 16 letters on.
  const longest = name && !old ? Math.max(...table.rows.map(row => row.name.length), 0) + 1 : 0
  return {
    header,
    align: name ? 'left' : 'right',
    minWidth: Math.max(MIN_WIDTHS[header], longest),
    fixed: old || (name && last),
  }
}

function straceCell(row: StraceRow, column: StraceColumn): string {
  if (column === 'syscall') return row.name
  const value = row.cells[column]
  if (value === undefined || (column === 'errors' && value === 0)) return ''
  if (column === '% time') return Number.isNaN(value) ? 'nan' : value.toFixed(2)
  return column === 'calls' || column === 'errors' || column === 'usecs/call' || column === 'wall-avg'
    ? String(value)
    : value.toFixed(6)
}
