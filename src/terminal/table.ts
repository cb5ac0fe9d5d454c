import CliTable from 'cli-table3'
import { fitColumns, leftOutLine, sum } from './fit.ts'
import { shorten } from './shorten.ts'
import { textWidth } from './text-width.ts'

export interface TableOptions {
  head: string[]
  /** Per column; left where absent. */
  align?: ('left' | 'right' | 'center')[] | undefined
  /** Lines around the cells: for a terminal only, never for a pipe. They leave first where room is short. */
  borders: boolean
  /** Columns of the terminal, which no row then exceeds; absent or Infinity where nothing may be cut or left out. */
  width?: number | undefined
  /** Heads of the columns that may leave a narrow terminal, the first to leave first. */
  leave?: readonly string[] | undefined
  /** Head → the width to which its cells are shortened before a column leaves. */
  shrinksTo?: Readonly<Record<string, number>> | undefined
  /** The flag that shows what left: with it, a last line names what that is. */
  bringBack?: string | undefined
}

const NO_BORDERS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map(part => [part, '']),
)

/**
 * A small table (up to some 200 rows: cli-table3 is quadratic) as text ending in a newline. Cells must already be safe
 * on a terminal; colours in them are kept.
 */
export function smallTable(rows: string[][], options: TableOptions): string {
  const { head, width = Infinity, leave = [], shrinksTo = {} } = options
  const columns = head.map((name, i) => ({
    natural: Math.max(textWidth(name), ...rows.map(row => textWidth(row[i]!))),
    least: shrinksTo[name],
  }))
  const borders = options.borders && sum(columns.map(({ natural }) => natural + 3)) + 1 <= width
  const { kept, widths, left } = fitColumns(
    columns,
    leave.map(name => head.indexOf(name)).filter(i => i !== -1),
    count => (borders ? Infinity : width - 2 * (count - 1)),
  )
  const fitted = (cells: readonly string[]) => kept.map(i => shorten(cells[i]!, widths[i]!))
  const table = drawn(fitted(head), rows.map(fitted), {
    align: options.align && kept.map(i => options.align![i] ?? 'left'),
    borders,
  })
  const note =
    options.bringBack === undefined
      ? ''
      : leftOutLine(
          left.map(i => head[i]!),
          width,
          options.bringBack,
        )
  return table + note
}

function drawn(head: string[], rows: string[][], { align, borders }: Pick<TableOptions, 'align' | 'borders'>): string {
  const table = new CliTable({
    head,
    ...(align && { colAligns: align }),
    // cli-table3 colours heads and borders by itself, whatever NO_COLOR says, unless told not to.
    style: { head: [], border: [], compact: true, ...(!borders && { 'padding-left': 0, 'padding-right': 1 }) },
    ...(!borders && { chars: { ...NO_BORDERS, middle: ' ' } }),
  })
  table.push(...rows)
  return `${table
    .toString()
    .split('\n')
    .map(line => (borders ? line : line.trimEnd()))
    .join('\n')}\n`
}
