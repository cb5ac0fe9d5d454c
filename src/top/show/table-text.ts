import { textWidth } from '../../terminal/text-width.ts'
import type { Sample } from '../model.ts'
import { bytesText, countText, perSecondCell } from './cells.ts'
import { fit, GAP } from './column.ts'
import { cellOf, columnsOf, orderedRows, UNCUT } from './table-page.ts'
import type { View, ViewContext } from './view.ts'

/** A view as plain text: aligned, uncut, the same columns each time; pictures are left out. */
export function* tableText(
  view: View,
  context: ViewContext,
  sort: { column: string; descending: boolean },
  clock: string,
): Generator<string> {
  yield `${clock}  ${totalsText(context.sample)}\n\n`
  const rows = orderedRows(view, context, sort)
  const columns = columnsOf(view, context.grouping).filter(({ picture }) => !picture)
  const texts = rows.map(row => columns.map(column => cellOf(column, row, UNCUT).text.trim()))
  const headings = columns.map(({ heading }) => heading.trim())
  const widths = headings.map((heading, i) =>
    texts.reduce((most, cells) => Math.max(most, textWidth(cells[i]!)), textWidth(heading)),
  )
  const lineOf = (cells: readonly string[]) =>
    `${cells
      .map((cell, i) => fit(cell, widths[i]!, columns[i]!.align))
      .join(' '.repeat(GAP))
      .trimEnd()}\n`
  yield lineOf(headings)
  for (const cells of texts) yield lineOf(cells)
  if (rows.length === 0) yield `${view.empty(context)}\n`
  yield '\n'
}

function totalsText({ look }: Sample): string {
  const { amounts, seconds, rows } = look
  const rate = (value: number | undefined) => (value === undefined || !seconds ? undefined : value / seconds)
  return [
    `in ${bytesText(rate(amounts?.receivedBytes))}/s`,
    `out ${bytesText(rate(amounts?.sentBytes))}/s`,
    `retransmits ${perSecondCell(rate(amounts?.retransmits)).text}/s`,
    `${countText(rows.length)} ${rows.length === 1 ? 'socket' : 'sockets'}`,
  ].join(', ')
}
