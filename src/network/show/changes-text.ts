import { columnLines, type Column } from '../../terminal/columns.ts'
import { wrap } from '../../terminal/wrap.ts'
import { kindOf, meaningOf } from '../meanings/meanings.ts'
import type { CounterChange } from '../model.ts'
import type { ViewLayout } from './counters-text.ts'

/** What moved in an interval: `12:00:01 in 1.0 s`, then a line for every counter that did. */
export function* changesText(
  changes: readonly CounterChange[],
  { time, seconds, theme, width }: ViewLayout & { time: string; seconds: number },
): Generator<string> {
  const moved = changes.filter(({ delta }) => delta !== 0n)
  const what = moved.length === 0 ? 'nothing moved' : `${moved.length} of ${changes.length} counters moved`
  yield `${theme.heading(wrap(`${time}  in ${seconds.toFixed(1)} s ${what}`, width, 2))}\n`
  const columns: Column<CounterChange>[] = [
    { header: 'Protocol', minWidth: 8, cell: ({ protocol }) => protocol },
    { header: 'Counter', minWidth: 22, shrinksTo: 16, cell: ({ name }) => name },
    { header: 'Change', minWidth: 8, align: 'right', cell: deltaText },
    { header: 'Per s', minWidth: 8, align: 'right', cell: ({ perS }) => (perS === undefined ? '-' : rateText(perS)) },
    {
      header: 'Counts',
      wraps: true,
      shrinksTo: 16,
      cell: ({ protocol, name }) => meaningOf(protocol, name) ?? '',
      paint: text => theme.quiet(text),
    },
  ]
  if (moved.length > 0)
    yield* columnLines(columns, moved, {
      widths: 'fit',
      header: true,
      color: theme.enabled,
      width,
      leave: ['Protocol', 'Counts'],
    })
  yield '\n'
}

/** `+12`; of a gauge with the sign of how it moved; `set back` where it cannot be told. */
function deltaText({ name, delta }: CounterChange): string {
  if (delta === undefined) return 'set back'
  return delta < 0n || kindOf(name) === 'counter' ? String(delta) : `+${delta}`
}

/** Three digits: `0.33`, `12.5`, `1200`. */
export function rateText(perS: number): string {
  return perS >= 99.95 ? perS.toFixed(0) : perS >= 9.995 ? perS.toFixed(1) : perS.toFixed(2)
}
