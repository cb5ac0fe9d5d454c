import { shorten } from '../../terminal/shorten.ts'
import { textWidth } from '../../terminal/text-width.ts'
import { GROUPINGS } from '../model.ts'
import { fit, GAP, layOut, sorted, type Column } from './column.ts'
import type { Cell } from './cells.ts'
import type { Paint } from './paint.ts'
import type { View, ViewContext } from './view.ts'

/** What the last rows were made of, and they: a key that only moves makes none. */
let last: { of: readonly unknown[]; rows: readonly unknown[] } = { of: [], rows: [] }

/** Rows of a view in their order. */
export function orderedRows(
  view: View,
  context: ViewContext,
  sort: { column: string; descending: boolean },
): readonly unknown[] {
  const { sample, diagnosis, grouping, only } = context
  const of = [view, sample, diagnosis, grouping, sort.column, sort.descending, ...only]
  if (of.length !== last.of.length || of.some((value, i) => value !== last.of[i]))
    last = { of, rows: rowsInOrder(view, context, sort) }
  return last.rows
}

function rowsInOrder(
  view: View,
  context: ViewContext,
  sort: { column: string; descending: boolean },
): readonly unknown[] {
  const columnOf = (name: string | undefined) => view.columns.find(column => column.name === name)
  const otherwise = columnOf(view.otherwise)
  const amountOf = (row: unknown) => Number(otherwise?.value(row) ?? 0)
  const then = (a: unknown, b: unknown) => amountOf(b) - amountOf(a) || (view.keyOf(a) < view.keyOf(b) ? -1 : 1)
  return sorted(view.rows(context), columnOf(sort.column) ?? view.columns[0]!, sort.descending, then)
}

/** Marks of the row that is chosen and of the column that rows are sorted by: seen without colours, too. */
const CHOSEN = '>'
export const UP = '▲'
export const DOWN = '▼'

export type Laid = ReturnType<typeof layOut<unknown>>

/** Columns of a view under a grouping. */
export function columnsOf({ name, columns }: View, grouping: string): readonly Column<unknown>[] {
  const isGrouped = grouping !== GROUPINGS[name][0]
  return columns.filter(({ grouped }) => grouped === undefined || grouped === isGrouped)
}

/** Columns of a terminal: one is for the mark of the row that is chosen. */
export const laidOut = (
  columns: readonly Column<unknown>[],
  width: number,
  texts: Readonly<Record<string, number>>,
): Laid => layOut(columns, width - 1, texts)

/** Wide enough for every name. */
export const UNCUT = 4096

/** The longest text of each column that may grow, in these rows and in those before: what has room once keeps it. */
export function longestTexts(
  columns: readonly Column<unknown>[],
  rows: readonly unknown[],
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  const growing = columns.filter(({ weight, picture }) => weight !== undefined && !picture)
  return Object.fromEntries(
    growing.map(column => [
      column.name,
      rows.reduce<number>(
        (most, row) => Math.max(most, textWidth(cellOf(column, row, UNCUT).text.trimEnd())),
        before[column.name] ?? 0,
      ),
    ]),
  )
}

export function headingLine(
  laid: Laid,
  sort: { column: string; descending: boolean },
  width: number,
  paint: Paint,
): string {
  const cells = laid.map(({ column, width: wide }) => {
    const isSorted = column.name === sort.column
    return headingCell(column, wide, isSorted ? (sort.descending ? DOWN : UP) : '')
  })
  return paint.heading(fit(` ${cells.join(' '.repeat(GAP))}`, width, 'left'))
}

function headingCell({ heading, align }: Column<unknown>, width: number, mark: string): string {
  return fit(`${heading}${mark}`, width, align)
}

export function rowLine(laid: Laid, row: unknown, isChosen: boolean, width: number, paint: Paint): string {
  const cells = laid.map(({ column, width: wide }) => {
    const cell = cellOf(column, row, wide)
    const text = fit(cell.text, wide, column.align)
    return isChosen ? text : paint.tone(text, cell.tone)
  })
  const line = `${isChosen ? CHOSEN : ' '}${cells.join(' '.repeat(GAP))}`
  return isChosen ? paint.bar(fit(line, width, 'left')) : shorten(line.trimEnd(), width)
}

export function cellOf(column: Column<unknown>, row: unknown, width: number): Cell {
  const cell = column.cell(row, width)
  return typeof cell === 'string' ? { text: cell } : cell
}
