import { textWidth } from '../../terminal/columns.ts'

export interface RuledColumn {
  header: string
  align: 'left' | 'right'
  /** Width of the line of dashes, at least. */
  minWidth?: number | undefined
  /** Let a wider cell push the rest of its row aside, as strace did before 5.6. */
  fixed?: boolean | undefined
}

/**
 * A table in the look of `strace -c`: the header, a line of dashes, rows, another line of dashes and the total. Cells
 * must be safe on a terminal. The last column is padded only where it is aligned right.
 */
export function* ruledTable(
  columns: readonly RuledColumn[],
  rows: readonly string[][],
  total: readonly string[] | undefined,
): Generator<string> {
  const widths = columns.map(({ header, minWidth = 0, fixed }, i) =>
    Math.max(
      minWidth,
      textWidth(header),
      ...(fixed ? [] : [...rows, ...(total ? [total] : [])].map(row => textWidth(row[i]!))),
    ),
  )
  const line = (cells: readonly string[], header = false) => {
    let text = ''
    cells.forEach((cell, i) => {
      const padding = ' '.repeat(Math.max(0, widths[i]! - textWidth(cell)))
      const last = i === columns.length - 1
      if (i > 0) text += ' '
      text += columns[i]!.align === 'right' ? padding + cell : last ? cell : cell + padding
    })
    return `${header ? text.trimEnd() : text}\n`
  }
  const dashes = `${widths.map(width => '-'.repeat(width)).join(' ')}\n`
  yield line(
    columns.map(column => column.header),
    true,
  )
  yield dashes
  for (const row of rows) yield line(row)
  yield dashes
  if (total !== undefined) yield line(total)
}
