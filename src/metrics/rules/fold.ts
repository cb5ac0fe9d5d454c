import type { Labels } from '../model.ts'

/** Values of several families for one set of labels. */
export interface MetricRow {
  labels: Labels
  values: readonly (number | undefined)[]
  /** The heaviest keep a series of their own. */
  weight: number
}

/** The value of a label of what was folded. */
export const OTHER = 'other'

/**
 * Sums rows with equal labels, since one series given twice makes Prometheus refuse the whole answer. Where more than
 * `most` are left, the lightest (of equal ones the last) become one each for what stands in `keeps`, with every other
 * label `other`; with `drops` they are left out: a sum of counters would fall when one of them gets a series of its own.
 */
export function foldRows(
  rows: readonly MetricRow[],
  most: number,
  { keeps = [], drops = false }: { keeps?: readonly string[]; drops?: boolean } = {},
): { kept: MetricRow[]; folded: number } {
  const merged = mergeRows(rows)
  if (merged.length <= most) return { kept: merged, folded: 0 }
  const ranked = merged.toSorted((a, b) => b.weight - a.weight)
  const rest = ranked.slice(most)
  if (drops) return { kept: ranked.slice(0, most), folded: rest.length }
  const others = rest.map(row => ({ ...row, labels: otherLabels(row.labels, keeps) }))
  // Somebody may really be called so.
  return { kept: mergeRows([...ranked.slice(0, most), ...others]), folded: rest.length }
}

function mergeRows(rows: readonly MetricRow[]): MetricRow[] {
  const merged = new Map<string, MetricRow>()
  for (const row of rows) {
    const key = keyOf(row.labels)
    const known = merged.get(key)
    merged.set(key, known === undefined ? row : sumOf(known, row))
  }
  return [...merged.values()]
}

const sumOf = (a: MetricRow, b: MetricRow): MetricRow => ({
  labels: a.labels,
  values: a.values.map((value, at) => plus(value, b.values[at])),
  weight: a.weight + b.weight,
})

const plus = (a: number | undefined, b: number | undefined) => (a === undefined ? b : b === undefined ? a : a + b)

const keyOf = (labels: Labels) => JSON.stringify(Object.values(labels))

const otherLabels = (labels: Labels, keeps: readonly string[]): Labels =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, keeps.includes(name) ? value : OTHER]))
