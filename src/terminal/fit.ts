import { wrap } from './wrap.ts'

/** A column as the terminal's width concerns it. */
export interface FitColumn {
  /** Columns of the terminal its content takes. */
  natural: number
  /** To what it may be narrowed before another column leaves; absent: not at all. */
  least?: number | undefined
}

export interface Fitted {
  /** Indices of the columns that stay, in their order. */
  kept: number[]
  /** Of all columns. */
  widths: number[]
  /** Indices of those that left, in their order. */
  left: number[]
}

/**
 * Fits columns into a width: they leave in the order of `leave` until the rest fits, each at its least; what room is then
 * over goes to the wider ones. Where all have left that may, the rest is narrowed to what there is.
 *
 * `room` says what the cells of so many columns may take together.
 */
export function fitColumns(
  columns: readonly FitColumn[],
  leave: readonly number[],
  room: (columns: number) => number,
): Fitted {
  const gone = new Set<number>()
  const staying = () => columns.flatMap((_, i) => (gone.has(i) ? [] : [i]))
  const leastOf = ({ natural, least = natural }: FitColumn) => Math.min(natural, least)
  let kept = staying()
  for (const next of leave) {
    if (sum(kept.map(i => leastOf(columns[i]!))) <= room(kept.length) || kept.length === 1) break
    gone.add(next)
    kept = staying()
  }
  const widths = columns.map(column => column.natural)
  const narrow = narrowed(
    kept.map(i => columns[i]!.natural),
    kept.map(i => leastOf(columns[i]!)),
    room(kept.length),
  )
  kept.forEach((column, at) => (widths[column] = narrow[at]!))
  return { kept, widths, left: [...gone].toSorted((a, b) => a - b) }
}

/**
 * Widths that together take no more than `room`, the widest narrowed first and none below its `least`; where even that
 * is too much, none below one column.
 */
export function narrowed(widths: readonly number[], least: readonly number[], room: number): number[] {
  if (sum(widths) <= room) return [...widths]
  const floor = sum(least) <= room ? least : widths.map(width => Math.min(width, 1))
  const capped = (cap: number) => widths.map((width, i) => Math.max(floor[i]!, Math.min(width, cap)))
  let cap = 0
  // The largest cap that fits: halved towards, as a hostile name may be very wide.
  for (let step = 2 ** Math.ceil(Math.log2(Math.max(2, ...widths))); step >= 1; step /= 2) {
    if (sum(capped(cap + step)) <= room) cap += step
  }
  const fitted = capped(cap)
  let over = room - sum(fitted)
  return fitted.map((width, i) => (over > 0 && width < widths[i]! && width >= cap ? (over--, width + 1) : width))
}

export const sum = (widths: readonly number[]) => widths.reduce((total, width) => total + width, 0)

/** The line below a table that names the columns that left, and the flag that brings them back. */
export function leftOutLine(left: readonly string[], width: number, bringBack: string | undefined): string {
  if (left.length === 0) return ''
  const how = bringBack === undefined ? '' : ` (${bringBack} shows ${left.length === 1 ? 'it' : 'them'})`
  return `${wrap(`not shown at ${width} columns: ${left.join(', ')}${how}`, width, 0)}\n`
}
