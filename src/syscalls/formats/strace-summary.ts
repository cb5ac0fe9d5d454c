import { STRACE_COLUMNS, type StraceColumn, type StraceRow, type StraceTable } from '../strace-columns.ts'
import type { RejectedLines } from '../profile.ts'
import type { Abi } from '../../kernel/abi.ts'
import { isStraceMessage } from '../strace-log/line/message.ts'
import { createRejections } from '../strace-log/rejections.ts'

export interface StraceSummaryText {
  tables: StraceTable[]
  rejected: RejectedLines[]
}

/**
 * The tables in the output of `strace -c` of any version, or in a paste of one: indented, squeezed to single blanks,
 * with decimal commas, in any column order, cut off before the footer, among other text, with times below 0 (`-O`).
 *
 * Source: strace src/count.c. A row: ` 91.24    0.397615         336      1185        29 futex`; the errors cell is
 * blank where there are none, and the footer has no usecs/call before strace 5.6. A line between header and footer
 * that is no row, and one outside the tables that is no message of strace's, is rejected.
 */
export function parseStraceSummary(text: string): StraceSummaryText {
  const reader = createSummaryReader()
  text.split('\n').forEach((line, i, all) => {
    if (line !== '' || i < all.length - 1) reader.line(line, i + 1)
  })
  return reader.end()
}

/** Reads summaries line by line, for the tables that `strace -C` writes after a log. */
export function createSummaryReader(source?: string) {
  const tables: StraceTable[] = []
  const rejections = createRejections(source)
  let abi: Abi = 'native'
  let open: OpenTable | undefined
  /** A header of one word is a header only if dashes follow. */
  let doubtful: StraceColumn[] | undefined

  const close = () => {
    if (open !== undefined) tables.push(open.table)
    open = undefined
  }
  return {
    /** Between a header and its footer: whatever comes belongs to the table. */
    get inTable(): boolean {
      return open !== undefined || doubtful !== undefined
    },
    line(raw: string, number: number): void {
      const line = raw.replace(/\r$/, '')
      if (line.trim() === '') return
      const columns = headerColumns(line)
      if (columns !== undefined) {
        close()
        if (columns.length === 1) doubtful = columns
        else open = openTable(abi, columns)
        return
      }
      const spans = dashSpans(line)
      if (spans !== undefined) {
        if (doubtful !== undefined) open = openTable(abi, doubtful)
        if (open !== undefined && spans.length === open.table.columns.length) open.spans ??= spans
        doubtful = undefined
        return
      }
      doubtful = undefined
      const mode = /^System call usage summary for (.*) mode:$/.exec(line.trim())
      if (mode !== null) {
        close()
        abi = mode[1] === '32 bit' ? '32' : mode[1] === 'x32' ? 'x32' : 'native'
        return
      }
      if (open === undefined) {
        if (!isStraceMessage(line)) rejections.add('outside of any table', line, number)
        return
      }
      const row = readRow(line, open)
      if (row === undefined) {
        if (!isStraceMessage(line)) rejections.add('no row of a strace -c table', line, number)
      } else if (row.name === 'total') {
        open.table.total = row
        close()
      } else open.table.rows.push(row)
    },
    end(): StraceSummaryText {
      close()
      return { tables, rejected: rejections.list() }
    },
  }
}

interface OpenTable {
  table: StraceTable
  /** Where the columns are, by the line of dashes. */
  spans?: [number, number][] | undefined
}

const openTable = (abi: Abi, columns: StraceColumn[]): OpenTable => ({ table: { abi, columns, rows: [] } })

/** The header or one of its columns, as strace prints it. */
const HEADER_WORD = new RegExp(`^(?:${Object.keys(STRACE_COLUMNS).join('|')})(?:\\s+|$)`)

export function headerColumns(line: string): StraceColumn[] | undefined {
  const columns: StraceColumn[] = []
  let rest = line.trim()
  while (rest !== '') {
    const word = HEADER_WORD.exec(rest)
    if (word === null) return undefined
    columns.push(word[0].trim() as StraceColumn)
    rest = rest.slice(word[0].length)
  }
  return columns
}

function dashSpans(line: string): [number, number][] | undefined {
  if (!/^[\s-]*-{3}[\s-]*$/.test(line)) return undefined
  return [...line.matchAll(/-+/g)].map(run => [run.index, run.index + run[0].length])
}

function readRow(line: string, { table, spans }: OpenTable): StraceRow | undefined {
  return (spans && rowBySpans(line, table.columns, spans)) ?? rowByWords(line, table)
}

/** Cuts at the columns of the dash line; fails where a word does not lie within one column. */
function rowBySpans(line: string, columns: StraceColumn[], spans: [number, number][]): StraceRow | undefined {
  const words = new Map<StraceColumn, string>()
  for (const word of line.matchAll(/\S+/g)) {
    const at = spans.findIndex(([from, to], i) => {
      const end = i === spans.length - 1 && columns[i] === 'syscall' ? Infinity : to
      return word.index >= from && word.index + word[0].length <= end
    })
    const column = columns[at]
    if (column === undefined) return undefined
    if (words.has(column)) {
      // Text after the name of the last column is somebody's remark.
      if (column === 'syscall' && at === columns.length - 1) break
      return undefined
    }
    words.set(column, word[0])
  }
  return rowOf(words)
}

/**
 * Takes the words in order: all columns, or all but errors. The footer may also lack usecs/call: with one word missing
 * it is the one that makes calls the sum of the rows.
 */
function rowByWords(line: string, table: StraceTable): StraceRow | undefined {
  const { columns } = table
  const words = line.trim().split(/\s+/)
  const nameLast = columns.at(-1) === 'syscall'
  if (nameLast) {
    const name = words.findIndex((word, i) => i > 0 && SYSCALL_NAME.test(word))
    if (name !== -1) words.length = name + 1
  }
  const without = (...missing: StraceColumn[]) => columns.filter(column => !missing.includes(column))
  const layouts = [columns, without('errors')]
  if (words.includes('total')) layouts.push(without('usecs/call'), without('usecs/call', 'errors'))
  const rows = layouts
    .filter(layout => layout.length === words.length)
    .map(layout => rowOf(new Map(layout.map((column, i) => [column, words[i]!]))))
    .filter(row => row !== undefined)
  const calls = table.rows.reduce((sum, row) => sum + (row.cells.calls ?? 0), 0)
  return rows.find(row => row.name === 'total' && row.cells.calls === calls) ?? rows.at(0)
}

const SYSCALL_NAME = /^[A-Za-z_]\w*$/
const COUNT = /^\d+$/
const DECIMAL = /^-?\d+[.,]\d+$/

function rowOf(words: ReadonlyMap<StraceColumn, string>): StraceRow | undefined {
  const cells: StraceRow['cells'] = {}
  let name: string | undefined
  for (const [column, word] of words) {
    if (column === 'syscall') {
      name = word
      continue
    }
    const number = cell(column, word)
    if (number === undefined) return undefined
    cells[column] = number
  }
  return name !== undefined && SYSCALL_NAME.test(name) ? { name, cells } : undefined
}

function cell(column: StraceColumn, word: string): number | undefined {
  if (column === 'calls' || column === 'errors') return COUNT.test(word) ? Number(word) : undefined
  if (column === '% time' && /^-?nan$/.test(word)) return NaN
  // strace -O takes more off than the calls cost: below 0, and printed without its sign.
  if (COUNT.test(word) && word.length > 18) return Number(BigInt.asIntN(64, BigInt(word)))
  if (!COUNT.test(word) && !DECIMAL.test(word)) return undefined
  return Number(word.replace(',', '.'))
}
