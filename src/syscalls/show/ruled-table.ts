import { fitColumns, leftOutLine } from '../../terminal/fit.ts'
import { shorten } from '../../terminal/shorten.ts'
import { textWidth } from '../../terminal/text-width.ts'

export interface RuledColumn {
  header: string
  /** What the flag that shows it calls it, where that is not the header. */
  word?: string | undefined
  align: 'left' | 'right'
  /** Width of the line of dashes, at least. */
  minWidth?: number | undefined
  /** Let a wider cell push the rest of its row aside, as strace did before 5.6. */
  fixed?: boolean | undefined
  /** Cells are lists, `ENOENT 5, EBADF 2`: shortened, they lose items from their end. */
  isList?: boolean | undefined
  /** On a terminal that is too narrow, cells are shortened to this width before another column leaves. */
  shrinksTo?: number | undefined
  /** Columns with a number may leave a terminal that is too narrow, the smallest first. */
  leaves?: number | undefined
}

/** Where a table goes. */
export interface TableRoom {
  /** Columns of the terminal, which no line exceeds; Infinity where nothing may be cut or left out. */
  width: number
  /** The flag that shows what left. */
  bringBack?: string | undefined
}

/**
 * A table in the look of `strace -c`: the header, a line of dashes, rows, another line of dashes and the total. Cells
 * must be safe on a terminal. The last column is padded only where it is aligned right.
 */
export function* ruledTable(
  columns: readonly RuledColumn[],
  rows: readonly string[][],
  total: readonly string[] | undefined,
  { width, bringBack }: TableRoom = { width: Infinity },
): Generator<string> {
  const natural = columns.map(({ header, minWidth = 0, fixed }, i) =>
    Math.max(
      minWidth,
      textWidth(header),
      ...(fixed ? [] : [...rows, ...(total ? [total] : [])].map(row => textWidth(row[i]!))),
    ),
  )
  const { kept, widths, left } = fitColumns(
    columns.map(({ shrinksTo }, i) => ({ natural: natural[i]!, least: shrinksTo })),
    leavingOrder(columns),
    count => width - (count - 1),
  )
  const line = (cells: readonly string[], header = false) => {
    let text = ''
    kept.forEach((i, at) => {
      const cell = width === Infinity ? cells[i]! : shortened(cells[i]!, widths[i]!, columns[i]!.isList)
      const padding = ' '.repeat(Math.max(0, widths[i]! - textWidth(cell)))
      const last = at === kept.length - 1
      if (at > 0) text += ' '
      text += columns[i]!.align === 'right' ? padding + cell : last ? cell : cell + padding
    })
    return `${header ? text.trimEnd() : text}\n`
  }
  const dashes = `${kept.map(i => '-'.repeat(widths[i]!)).join(' ')}\n`
  yield line(
    columns.map(column => column.header),
    true,
  )
  yield dashes
  for (const row of rows) yield line(row)
  yield dashes
  if (total !== undefined) yield line(total)
  const gone = leftOutLine(
    left.map(i => columns[i]!.word ?? columns[i]!.header),
    width,
    bringBack,
  )
  if (gone !== '') yield gone
}

function shortened(cell: string, width: number, isList = false): string {
  if (!isList || textWidth(cell) <= width) return shorten(cell, width)
  const items = cell.split(', ')
  while (items.length > 1 && textWidth(`${items.join(', ')}, …`) > width) items.pop()
  const list = `${items.join(', ')}, …`
  return textWidth(list) <= width ? list : shorten(`${items[0]}…`, width)
}

/** Indices of the columns that may leave, the first to leave first. */
function leavingOrder(columns: readonly RuledColumn[]): number[] {
  return columns
    .flatMap(({ leaves }, i) => (leaves === undefined ? [] : [{ i, leaves }]))
    .sort((a, b) => a.leaves - b.leaves)
    .map(({ i }) => i)
}
