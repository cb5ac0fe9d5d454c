import { columnLines, type Column } from '../../../terminal/columns.ts'
import { wrap } from '../../../terminal/wrap.ts'
import type { Theme } from '../../../terminal/theme.ts'
import type { TableLayout } from '../../show/table.ts'
import type { PublishedPort } from '../published-port.ts'
import { evidenceText, publishedPlace, targetText } from './published-text.ts'

const TITLE = 'Ports of this machine that lead elsewhere'

const COLUMNS: readonly Column<PublishedPort>[] = [
  { header: 'Proto', cell: ({ protocol, family }) => `${protocol ?? 'any'}${family === 6 ? '6' : ''}` },
  { header: 'Published', shrinksTo: 15, cell: publishedPlace },
  { header: 'By', shrinksTo: 12, cell: evidenceText },
  { header: 'Leads to', shrinksTo: 20, wraps: true, cell: port => targetText(port) },
]

/** Published ports alone, one a line. */
export function* publishedTable(
  ports: readonly PublishedPort[],
  header: boolean,
  theme: Theme,
  layout: TableLayout,
): Generator<string> {
  if (ports.length === 0) {
    yield 'no published port found\n'
    return
  }
  if (header)
    yield `${wrap(TITLE, layout.width, 0)
      .split('\n')
      .map(line => theme.heading(line))
      .join('\n')}\n`
  yield* columnLines(COLUMNS, ports, { widths: 'fit', header, ...layout, leave: ['By', 'Proto'], bringBack: '-W' })
}
