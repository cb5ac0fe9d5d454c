import fastStringWidth from 'fast-string-width'

/** One column of a long table; `cell` must return text that is already safe on a terminal. */
export interface Column<Row> {
  header: string
  align?: 'left' | 'right' | undefined
  /** The least width, header and blanks included; content may always be wider and is never cut. */
  minWidth?: number | undefined
  cell(row: Row): string
  /** Colour of a cell on a terminal; must not change its width. */
  paint?: ((text: string, row: Row) => string) | undefined
}

export interface ColumnLayout {
  /** `fit`: columns as wide as their content (needs all rows first). `fixed`: minimal widths, row by row. */
  widths: 'fit' | 'fixed'
  header: boolean
  color: boolean
}

/**
 * Lines of a table of any length in pieces of whole lines, each ending in a newline; the last column is never padded.
 *
 * With `fixed` widths no more than a piece is kept.
 */
export function* columnLines<Row>(
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
  layout: ColumnLayout,
): Generator<string> {
  const widths = columns.map(column => Math.max(column.minWidth ?? 0, textWidth(column.header)))
  let source = rows
  if (layout.widths === 'fit') {
    source = [...rows]
    for (const row of source)
      columns.forEach((column, i) => (widths[i] = Math.max(widths[i]!, textWidth(column.cell(row)))))
  }
  let piece = layout.header
    ? joinCells(
        columns,
        widths,
        columns.map(column => column.header),
      )
    : ''
  const cells: string[] = []
  for (const row of source) {
    for (let i = 0; i < columns.length; i += 1) cells[i] = columns[i]!.cell(row)
    piece += joinCells(columns, widths, cells, layout.color ? row : undefined)
    // Handing on every line by itself costs as much as making it.
    if (piece.length < PIECE_CHARACTERS) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

const PIECE_CHARACTERS = 16 * 1024

function joinCells<Row>(
  columns: readonly Column<Row>[],
  widths: readonly number[],
  cells: readonly string[],
  painted?: Row,
): string {
  if (painted === undefined) {
    // Nearly every line is ASCII: one look at the whole is cheaper than one at each cell.
    const line = padCells(columns, widths, cells, lengthOf, undefined)
    if (PRINTABLE_ASCII_LINE.test(line)) return line
  }
  return padCells(columns, widths, cells, textWidth, painted)
}

function padCells<Row>(
  columns: readonly Column<Row>[],
  widths: readonly number[],
  cells: readonly string[],
  widthOf: (text: string) => number,
  painted: Row | undefined,
): string {
  let line = ''
  for (let i = 0; i < columns.length; i += 1) {
    const column = columns[i]!
    const text = cells[i]!
    const shown = painted !== undefined && column.paint ? column.paint(text, painted) : text
    if (i > 0) line += ' '
    if (column.align === 'right') line += blanks(widths[i]! - widthOf(text)) + shown
    else line += i === columns.length - 1 ? shown : shown + blanks(widths[i]! - widthOf(text))
  }
  // Padding before an empty last cell says nothing; blanks that end a cell's own text do.
  return `${cells.at(-1) === '' ? line.trimEnd() : line}\n`
}

const BLANKS = Array.from({ length: 64 }, (_, count) => ' '.repeat(count))

const blanks = (count: number) => BLANKS[count] ?? ' '.repeat(Math.max(0, count))

/** Columns a text takes on a terminal. */
export function textWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : fastStringWidth(text)
}

const lengthOf = (text: string) => text.length

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
const PRINTABLE_ASCII_LINE = /^[\x20-\x7e]*\n$/
