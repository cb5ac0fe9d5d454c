import { groupBy } from '../../../group-by.ts'
import { columnLines, type Column } from '../../../terminal/columns.ts'
import type { PipeHolder, SharedPipe } from '../../pipes/shared-pipe.ts'
import { wordText } from '../cell-text.ts'

/** Pipes between the same processes. */
interface PipeRow {
  first: SharedPipe
  count: number
}

/** A row for all pipes that have the same processes at their ends. */
export function pipeTable(
  pipes: readonly SharedPipe[],
  { color, width }: { color: boolean; width: number },
): Generator<string, unknown> {
  const rows = [...groupBy(pipes, endsOf).values()].map((same): PipeRow => ({ first: same[0]!, count: same.length }))
  return columnLines(COLUMNS, rows, { widths: 'fit', header: true, color, width, leave: ['Id'], bringBack: '--json' })
}

const writersOf = ({ holders }: SharedPipe) => holders.filter(({ writes }) => writes === true)
const readersOf = ({ holders }: SharedPipe) => holders.filter(({ reads }) => reads === true)
const unknownOf = ({ holders }: SharedPipe) =>
  holders.filter(({ reads, writes }) => reads === undefined && writes === undefined)

const COLUMNS: Column<PipeRow>[] = [
  { header: 'Type', cell: ({ first }) => first.kind },
  { header: 'Id', cell: ({ first, count }) => (count === 1 ? first.id : `${first.id} +${count - 1}`) },
  { header: 'Writers', shrinksTo: 16, cell: ({ first }) => namesOf(writersOf(first)) },
  { header: 'Readers', shrinksTo: 16, cell: ({ first }) => namesOf(readersOf(first)) },
  { header: 'Not known', shrinksTo: 10, cell: ({ first }) => namesOf(unknownOf(first)) },
]

/** Processes that are named one by one. */
const NAMED = 4

function namesOf(holders: readonly PipeHolder[]): string {
  if (holders.length === 0) return '-'
  const names = holders.slice(0, NAMED).map(({ pid, program }) => `${pid}/${wordText(program || '-')}`)
  return names.join(',') + (holders.length > NAMED ? ` +${holders.length - NAMED}` : '')
}

const endsOf = (pipe: SharedPipe) =>
  [pipe.kind, writersOf(pipe), readersOf(pipe), unknownOf(pipe)]
    .map(end => (typeof end === 'string' ? end : end.map(({ pid }) => pid).join()))
    .join(' ')
