import CliTable from 'cli-table3'

export interface TableOptions {
  head: string[]
  /** Per column; left where absent. */
  align?: ('left' | 'right' | 'center')[] | undefined
  /** Lines around the cells: for a terminal only, never for a pipe. */
  borders: boolean
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
  const table = new CliTable({
    head: options.head,
    ...(options.align && { colAligns: options.align }),
    // cli-table3 colours heads and borders by itself, whatever NO_COLOR says, unless told not to.
    style: { head: [], border: [], compact: true, ...(!options.borders && { 'padding-left': 0, 'padding-right': 1 }) },
    ...(!options.borders && { chars: { ...NO_BORDERS, middle: ' ' } }),
  })
  table.push(...rows)
  return `${table
    .toString()
    .split('\n')
    .map(line => (options.borders ? line : line.trimEnd()))
    .join('\n')}\n`
}
