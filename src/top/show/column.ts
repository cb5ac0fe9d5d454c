import { shorten } from '../../terminal/shorten.ts'
import { textWidth } from '../../terminal/text-width.ts'
import type { Cell } from './cells.ts'

/** A column of a view. */
export interface Column<Row> {
  /** As keys and --sort name it. */
  name: string
  heading: string
  align: 'left' | 'right'
  /** Columns it takes; with `weight` at least so many, and its share of what is over. */
  width: number
  weight?: number | undefined
  /** Never wider than this. */
  most?: number | undefined
  /** Where there is no room, the highest leaves first; without it stays. */
  leaves?: number | undefined
  /** Drawn, not written: has no place in plain text. */
  picture?: boolean | undefined
  /** Only where rows are gathered (true), only where they are not (false). */
  grouped?: boolean | undefined
  /** What it is sorted by; undefined comes last. */
  value: (row: Row) => number | string | undefined
  cell: (row: Row, width: number) => Cell | string
}

/** The mark of the column that rows are sorted by. */
const MARK = 1
/** Blanks between two columns. */
export const GAP = 2

/**
 * Which columns stand in so many columns of the terminal, and how wide each is. The same width and texts give the same
 * layout. `texts`: the longest text by the column's name, beyond which it does not grow.
 */
export function layOut<Row>(
  columns: readonly Column<Row>[],
  width: number,
  texts: Readonly<Record<string, number>> = {},
): { column: Column<Row>; width: number }[] {
  let kept = [...columns]
  const least = () => kept.reduce((sum, column) => sum + column.width, 0) + GAP * (kept.length - 1)
  while (least() > width) {
    const leaving = kept.filter(({ leaves }) => leaves !== undefined).toSorted((a, b) => b.leaves! - a.leaves!)[0]
    if (leaving === undefined) break
    kept = kept.filter(column => column !== leaving)
  }
  const widths = kept.map(column => column.width)
  let over = width - least()
  while (over > 0) {
    const growing = kept.flatMap((column, i) =>
      column.weight !== undefined && widths[i]! < mostOf(column, texts) ? [i] : [],
    )
    if (growing.length === 0) break
    const all = growing.reduce((sum, i) => sum + kept[i]!.weight!, 0)
    const given = over
    for (const i of growing) {
      const share = Math.min(over, Math.max(1, Math.floor((given * kept[i]!.weight!) / all)))
      const grown = Math.min(share, mostOf(kept[i]!, texts) - widths[i]!)
      widths[i]! += grown
      over -= grown
      if (over <= 0) break
    }
  }
  // Narrower than the least there can be: the last ones are cut.
  for (let i = kept.length - 1; over < 0 && i >= 0; i -= 1) {
    const cut = Math.min(widths[i]! - 1, -over)
    widths[i]! -= cut
    over += cut
  }
  return kept.map((column, i) => ({ column, width: widths[i]! }))
}

function mostOf({ name, heading, most = Infinity }: Column<never>, texts: Readonly<Record<string, number>>): number {
  return Math.min(most, Math.max(texts[name] ?? Infinity, heading.length + MARK))
}

/** A text in exactly so many columns. */
export function fit(text: string, width: number, align: 'left' | 'right'): string {
  const short = shorten(text, width)
  const blanks = ' '.repeat(Math.max(0, width - textWidth(short)))
  return align === 'left' ? short + blanks : blanks + short
}

/** Rows in the order of a column; equal ones by `then`. What is not known comes last either way. */
export function sorted<Row>(
  rows: readonly Row[],
  { value }: Pick<Column<Row>, 'value'>,
  descending: boolean,
  then: (a: Row, b: Row) => number,
): Row[] {
  const values = new Map(rows.map(row => [row, value(row)]))
  return [...rows].sort((a, b) => {
    const [x, y] = [values.get(a), values.get(b)]
    if (x === undefined || y === undefined) return x === y ? then(a, b) : x === undefined ? 1 : -1
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x) < String(y) ? -1 : x === y ? 0 : 1
    return (descending ? -order : order) || then(a, b)
  })
}
