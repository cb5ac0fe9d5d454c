import { columnLines, type Column } from '../../terminal/columns.ts'
import type { Theme } from '../../terminal/theme.ts'
import { wrap } from '../../terminal/wrap.ts'
import { meaningOf, PROTOCOL_TITLES } from '../meanings/meanings.ts'
import type { Counter, CounterGroup } from '../model.ts'

/** Where a text goes. */
export interface ViewLayout {
  theme: Theme
  /** Columns of the terminal, Infinity in a pipe. */
  width: number
}

const UNKNOWN = '(a counter this version does not know)'

/** Every counter that is not 0 under its protocol, with what it counts; `all`: those that are 0, too. */
export function* countersText(
  groups: readonly CounterGroup[],
  { all, theme, width }: ViewLayout & { all: boolean },
): Generator<string> {
  const values = groups.map(({ counters }) => counters.filter(({ value }) => all || value !== 0n))
  // One width for all protocols: a column that jumps from one to the next is hard to read.
  const nameWidth = Math.max(...values.flat().map(({ name }) => name.length), 'Counter'.length)
  const valueWidth = Math.max(...values.flat().map(({ value }) => String(value).length), 'Value'.length)
  let left = 0
  for (const [i, { protocol, counters }] of groups.entries()) {
    const shown = values[i]!
    left += counters.length - shown.length
    if (shown.length === 0) continue
    yield `${theme.heading(headingOf(protocol))}\n`
    const columns: Column<Counter>[] = [
      { header: 'Counter', minWidth: Math.min(nameWidth, 32), shrinksTo: 16, cell: ({ name }) => name },
      { header: 'Value', minWidth: valueWidth, align: 'right', cell: ({ value }) => String(value) },
      {
        header: 'Counts',
        wraps: true,
        shrinksTo: 16,
        cell: ({ name }) => meaningOf(protocol, name) ?? UNKNOWN,
        paint: text => theme.quiet(text),
      },
    ]
    yield* columnLines(columns, shown, { widths: 'fit', header: false, color: theme.enabled, width })
    yield '\n'
  }
  if (left > 0)
    yield `${wrap(`${left} more ${left === 1 ? 'counter is' : 'counters are'} 0 (-a shows ${left === 1 ? 'it' : 'them'})`, width, 0)}\n`
}

/** `TcpExt: TCP in detail` */
function headingOf(protocol: string): string {
  const title = PROTOCOL_TITLES[protocol]
  return title === undefined ? protocol : `${protocol}: ${title}`
}
