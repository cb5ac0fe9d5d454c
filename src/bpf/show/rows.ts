import type { BpfRow, Field, FieldKind } from '../run/output/row.ts'
import type { BpfRunState } from '../model.ts'
import type { JsonRow } from './documents.ts'
import { cellJson, cellText, timeOfDay, type CellContext } from './cell.ts'
import { columnLines, type Column } from '../../terminal/columns.ts'

/** What cells need to know of a run. */
export function cellContext(run: BpfRunState): CellContext {
  return { wallMs: timeNs => run.wallMs(timeNs), machine: run.header.machine, clock: timeOfDay }
}

const RIGHT: ReadonlySet<FieldKind> = new Set(['pid', 'integer', 'bytes', 'durationNs', 'port'])

/** Columns of a job's table; widths are minimal, so that a row can be written as soon as it is known. */
export function rowColumns(fields: readonly Field[], context: CellContext): Column<BpfRow>[] {
  return fields.map(field => ({
    header: field.header,
    align: RIGHT.has(field.kind) ? 'right' : 'left',
    minWidth: field.width,
    cell: row => cellText(field, row[field.key], context),
  }))
}

/** Lines of rows, with or without the header. */
export function rowLines(
  columns: readonly Column<BpfRow>[],
  rows: Iterable<BpfRow>,
  header: boolean,
): Iterable<string> {
  return columnLines(columns, rows, { widths: 'fixed', header, color: false })
}

/** One row as an object for JSON. `args` of a joined list gives way to the list itself. */
export function rowJson(fields: readonly Field[], row: BpfRow, context: CellContext): JsonRow {
  const object: JsonRow = {}
  for (const { key, kind } of fields) object[key] = cellJson(kind, row[key], context)
  if (Array.isArray(row['argv'])) object['args'] = cellJson('text', row['argv'], context)
  return object
}
