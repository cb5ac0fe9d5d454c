import { fitColumns, leftOutLine, narrowed, sum } from './fit.ts'
import { shorten, shortenItems } from './shorten.ts'
import { textWidth } from './text-width.ts'
import { wrap } from './wrap.ts'

/** One column of a long table; `cell` must return text that is already safe on a terminal. */
export interface Column<Row> {
  header: string
  align?: 'left' | 'right' | undefined
  /** The least width, header and blanks included, where there is room; never cuts. */
  minWidth?: number | undefined
  /** On a terminal that is too narrow, cells are shortened to this width before another column leaves. */
  shrinksTo?: number | undefined
  /** What stands between the items of a list: shortened, each loses its own middle. */
  separator?: string | undefined
  /** Prose in the last column: on a terminal it goes on below itself, where others are shortened. */
  wraps?: boolean | undefined
  cell(row: Row): string
  /** Colour of a cell on a terminal; must not change its width. */
  paint?: ((text: string, row: Row) => string) | undefined
}

export interface ColumnLayout {
  /**
   * `fit`: columns as wide as their content (needs all rows first). `fixed`: minimal widths, row by row; a wider cell
   * pushes the rest of its row aside.
   */
  widths: 'fit' | 'fixed'
  header: boolean
  color: boolean
  /** Columns of the terminal, which no row then exceeds; absent or Infinity where nothing may be cut or left out. */
  width?: number | undefined
  /** Headers of the columns that may leave a narrow terminal, the first to leave first. */
  leave?: readonly string[] | undefined
  /** The flag that shows what left: with it, a last line names what that is. */
  bringBack?: string | undefined
}

/** What stands below a row, over its whole width; undefined where nothing does. Safe on a terminal, like a cell. */
interface Below<Row> {
  below?: ((row: Row) => string | undefined) | undefined
}

const BELOW_INDENT = 8

/**
 * Lines of a table of any length in pieces of whole lines, each ending in a newline; the last column is never padded.
 * Returns the headers of the columns that left.
 *
 * With `fixed` widths no more than a piece is kept.
 */
export function* columnLines<Row>(
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
  layout: ColumnLayout & Below<Row>,
): Generator<string, string[]> {
  const { width = Infinity } = layout
  const natural = columns.map(column => Math.max(column.minWidth ?? 0, textWidth(column.header)))
  let source = rows
  if (layout.widths === 'fit') {
    const all = [...rows]
    source = all
    measure(columns, all, natural, width)
  } else if (width !== Infinity) {
    columns.forEach(({ shrinksTo = 0 }, i) => (natural[i] = Math.max(natural[i]!, shrinksTo)))
  }
  const { kept, widths, left } = fitColumns(
    columns.map(({ shrinksTo }, i) => ({ natural: natural[i]!, least: shrinksTo })),
    (layout.leave ?? []).map(header => columns.findIndex(column => column.header === header)).filter(i => i !== -1),
    count => width - (count - 1),
  )
  const shown = kept.map(i => columns[i]!)
  const shownWidths = kept.map(i => widths[i]!)
  yield* rowPieces(shown, shownWidths, source, layout)
  const headers = left.map(i => columns[i]!.header)
  if (layout.bringBack !== undefined) yield leftOutLine(headers, width, layout.bringBack)
  return headers
}

/** Rows that are measured where there are more of them and nothing has to fit: the rest may push itself aside. */
const MOST_MEASURED = 4000

/** Where nothing has to fit, no wider cell pads those of all other rows. */
const MOST_PADDING = 100

function measure<Row>(columns: readonly Column<Row>[], rows: readonly Row[], widths: number[], width: number): void {
  const step = width === Infinity ? Math.ceil(rows.length / MOST_MEASURED) : 1
  for (let at = 0; at < rows.length; at += step) {
    for (let i = 0; i < columns.length; i += 1) {
      const wide = textWidth(columns[i]!.cell(rows[at]!))
      if (wide > widths[i]! && (wide <= MOST_PADDING || width !== Infinity)) widths[i] = wide
    }
  }
}

function* rowPieces<Row>(
  columns: readonly Column<Row>[],
  widths: readonly number[],
  rows: Iterable<Row>,
  layout: ColumnLayout & Below<Row>,
): Generator<string> {
  const { below, width = Infinity } = layout
  const indent = ' '.repeat(Math.min(BELOW_INDENT, width / 4))
  let piece = ''
  const add = (cells: string[], row?: Row) => {
    for (const line of fitted(columns, widths, cells, layout)) piece += joinCells(columns, widths, line, row)
  }
  if (layout.header) add(columns.map(column => column.header))
  const cells: string[] = []
  for (const row of rows) {
    for (let i = 0; i < columns.length; i += 1) cells[i] = columns[i]!.cell(row)
    add(cells, layout.color ? row : undefined)
    const text = below?.(row)
    if (text !== undefined)
      piece += `${width === Infinity ? indent + text : wrap(indent + text, width, indent.length)}\n`
    // Handing on every line by itself costs as much as making it.
    if (piece.length < PIECE_CHARACTERS) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

/** A row as lines of cells that fit into the width of the terminal. */
function fitted<Row>(
  columns: readonly Column<Row>[],
  widths: readonly number[],
  cells: readonly string[],
  { width = Infinity, widths: mode }: ColumnLayout,
): (readonly string[])[] {
  const last = columns.length - 1
  if (width === Infinity || last === -1) return [cells]
  if (columns[last]!.wraps === true) {
    return wrap(cells[last]!, widths[last]!, 0)
      .split('\n')
      .map((line, at) => cells.map((cell, i) => cut(columns[i]!, i === last ? line : at === 0 ? cell : '', widths[i]!)))
  }
  if (mode === 'fit') return [cells.map((cell, i) => cut(columns[i]!, cell, widths[i]!))]
  const taken = cells.map((cell, i) => Math.max(textWidth(cell), isBare(columns[i]!, i === last) ? 0 : widths[i]!))
  const room = width - last
  if (sum(taken) <= room) return [cells]
  // What stands out of its column is shortened first, numbers last.
  const inColumn = taken.map((wide, i) => Math.min(wide, widths[i]!))
  const least = inColumn.map((wide, i) => (columns[i]!.align === 'right' ? taken[i]! : wide))
  const fits = narrowed(taken, sum(least) <= room ? least : inColumn, room)
  return [cells.map((cell, i) => cut(columns[i]!, cell, fits[i]!))]
}

const cut = ({ separator }: Pick<Column<never>, 'separator'>, cell: string, width: number) =>
  separator === undefined ? shorten(cell, width) : shortenItems(cell, width, separator)

/** The last column is not padded, unless its cells stand on the right. */
const isBare = (column: Pick<Column<never>, 'align'>, isLast: boolean) => isLast && column.align !== 'right'

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

const lengthOf = (text: string) => text.length

const PRINTABLE_ASCII_LINE = /^[\x20-\x7e]*\n$/
