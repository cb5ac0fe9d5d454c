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

/** To what cells are shortened on a terminal that is too narrow, before a column leaves. */
const SHRINKS: Partial<Record<FieldKind, number>> = { text: 8, state: 8, pid: 7, errno: 6 }

/** Columns of a job's table; widths are minimal, so that a row can be written as soon as it is known. */
export function rowColumns(fields: readonly Field[], context: CellContext): Column<BpfRow>[] {
  return fields.map(field => ({
    header: field.header,
    align: RIGHT.has(field.kind) ? 'right' : 'left',
    minWidth: field.width,
    ...(SHRINKS[field.kind] !== undefined && { shrinksTo: SHRINKS[field.kind] }),
    cell: row => cellText(field, row[field.key], context),
  }))
}

/** Columns that leave a narrow terminal, by key, the first to leave first: whom a row is of and what it says stays. */
const LEAVING = [
  'socket',
  'ppid',
  'uid',
  'sector',
  'lport',
  'laddr',
  'shmemBytes',
  'time',
  'device',
  'fd',
  'targetPid',
  'triggerPid',
  'txBytes',
  'rxBytes',
  'direction',
  'reads',
  'writes',
  'oldState',
  'result',
  'fileBytes',
  'operation',
  'pid',
  'rport',
]
/** The flag whose output has all columns, whatever the width. */
const ALL_COLUMNS = '--json'

export interface RowLayout {
  /** Columns of the terminal; Infinity where nothing may be cut. */
  width: number
  fields: readonly Field[]
}

const leaving = (fields: readonly Field[]) =>
  LEAVING.flatMap(leaves => fields.filter(({ key }) => key === leaves).map(field => field.header))

/** Lines of rows, with or without the header. */
export function rowLines(
  columns: readonly Column<BpfRow>[],
  rows: Iterable<BpfRow>,
  header: boolean,
  { width, fields }: RowLayout,
): Iterable<string> {
  return columnLines(columns, rows, { widths: 'fixed', header, color: false, width, leave: leaving(fields) })
}

/** The line that names the columns a narrow terminal has no room for; empty where all are there. */
export function leftOut(columns: readonly Column<BpfRow>[], { width, fields }: RowLayout): string {
  const layout = {
    widths: 'fixed',
    header: false,
    color: false,
    width,
    leave: leaving(fields),
    bringBack: ALL_COLUMNS,
  } as const
  return [...columnLines(columns, [], layout)].join('')
}

/** One row as an object for JSON. `args` of a joined list gives way to the list itself. */
export function rowJson(fields: readonly Field[], row: BpfRow, context: CellContext): JsonRow {
  const object: JsonRow = {}
  for (const { key, kind } of fields) object[key] = cellJson(kind, row[key], context)
  if (Array.isArray(row['argv'])) object['args'] = cellJson('text', row['argv'], context)
  return object
}
