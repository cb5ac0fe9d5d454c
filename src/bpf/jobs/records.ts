import type { BpfRow, BpfValue } from '../run/output/row.ts'
import type { RecordLayouts, RowReader } from './job.ts'

/** A reader of records that each are one row. */
export function plainRows(layouts: RecordLayouts, finish?: (row: BpfRow) => void): RowReader {
  return {
    take(record) {
      const row = rowOf(record, layouts)
      if (row === undefined) return []
      finish?.(row)
      return [row]
    },
  }
}

/** The named parts of a record, or nothing where its tag is not in `layouts`. */
export function rowOf(record: readonly BpfValue[], layouts: RecordLayouts): BpfRow | undefined {
  const layout = layouts[String(record[0])]
  if (layout === undefined) return undefined
  const row: BpfRow = {}
  layout.forEach((name, i) => {
    if (name !== '_') row[name] = record[i + 1]
  })
  return row
}

/** A return value in two: what was returned, or the errno. */
export function splitReturn(row: BpfRow, key: string): void {
  const value = Number(row[key])
  if (value < 0) {
    row['error'] = -value
    row[key] = undefined
  }
}
