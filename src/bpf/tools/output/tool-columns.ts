import type { ToolColumn, ToolValue } from './tool-item.ts'
import { labelAt, type ColumnForm, type Label } from './tool-labels.ts'

/** The columns of a table as its header line lays them out. */
export interface ColumnLayout {
  /** The header line itself: tools that print tables again and again repeat it. */
  line: string
  columns: readonly (ToolColumn & {
    form: ColumnForm
    /** From its first column to that of the next. */
    span: number
    /** An arrow stands between its value and the next. */
    arrow: boolean
  })[]
}

/**
 * Rows whose column is narrower than its header says, because two printf formats of the tool disagree: tool and label →
 * columns the value and its blanks take.
 */
const NARROWER: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  execsnoop: { 'TIME(s)': 8, UID: 6 },
}

/** TASK_COMM_LEN: a name of a task is 15 bytes at most, whatever width its column has. */
const NAME_BYTES = 15
const NAMES = new Set(['COMM', 'PCOMM', 'TASK', 'TCOMM', 'PREV COMM', 'WAKER', 'TARGET'])
/** Numbers of few digits, whose columns are as narrow as their label. */
const SMALL = new Set(['FD', 'ERR', 'RET', 'CPU', 'IP'])
const NUMBER_WIDTH = 7
const NUMERIC: ReadonlySet<ColumnForm> = new Set(['integer', 'number', 'exit'])

/**
 * The layout a header line announces: `PID    COMM              FD ERR PATH`; undefined where the line is no header, that
 * is where a word of it is neither in the list nor in capitals, or where it has no known label.
 */
export function parseHeader(line: string, tool: string): ColumnLayout | undefined {
  const found: (Label & { at: number; known: boolean; arrow: boolean })[] = []
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === ' ') continue
    // `OLDSTATE    -> NEWSTATE`: the arrow stands in the rows, too.
    const arrow = ARROW.exec(line.slice(at))
    if (arrow !== null && found.length > 0) {
      found.at(-1)!.arrow = true
      at += arrow[0].length - 1
      continue
    }
    const label = labelAt(line, at)
    if (label === undefined) return undefined
    found.push({ ...label, at, arrow: false })
    at += label.label.length
  }
  const known = found.filter(label => label.known).length
  if (known === 0 || found.length < 2 || known * 2 < found.length) return undefined
  const columns = found.map(({ label, key, form, at, arrow }, i) => {
    const next = found[i + 1]
    const span = next === undefined ? Infinity : (NARROWER[tool]?.[label] ?? next.at - at)
    // Text in the last column runs to the end of the line.
    const last = next === undefined && !NUMERIC.has(form) && form !== 'scalar' && form !== 'clock'
    const align = NUMERIC.has(form) && form !== 'exit' ? ('right' as const) : ('left' as const)
    const number = SMALL.has(label) ? label.length : Math.max(label.length, NUMBER_WIDTH)
    const width = align === 'right' ? number : next === undefined ? label.length : span - 1
    return { label, key, align, width, form: last ? ('rest' as const) : form, span, arrow }
  })
  return { line, columns }
}

const ARROW = /^-?> /
const INTEGER = /^-?\d+$/
const DECIMAL = /^-?\d+(\.\d+)?%?$/
const CLOCK = /^\d\d:\d\d:\d\d(\.\d+)?:?$/

/**
 * One row below a header, or undefined where the line does not fit it.
 *
 * Values are taken from the left: numbers and words end at a blank, so that headers out of line and values wider than
 * their column do no harm; text that may hold blanks is cut by the width of its column.
 */
export function parseRow(line: string, layout: ColumnLayout): Record<string, ToolValue> | undefined {
  const values: Record<string, ToolValue> = {}
  const { columns } = layout
  let at = 0
  for (let i = 0; i < columns.length; i += 1) {
    const { key, form, span, label, arrow } = columns[i]!
    if (form === 'rest' || form === 'exit') {
      Object.assign(values, form === 'rest' ? { [key]: restOf(line.slice(at), label) } : exitOf(line.slice(at).trim()))
      return values
    }
    if (form === 'padded') {
      const { text, end } = paddedAt(
        line,
        at,
        span,
        NAMES.has(label) && i + 1 < columns.length && isRightAligned(columns[i + 1]!),
      )
      if (text === '' && at >= line.length) return undefined
      values[key] = text
      at = end
      continue
    }
    const from = skipBlanks(line, at)
    const stop = wordEnd(line, from)
    if (from === stop) return undefined
    const value = valueOf(line.slice(from, stop), form)
    if (value === undefined) return undefined
    if (form === 'clock' && typeof value === 'string') values['time'] = value
    else values[key] = value
    // A value moved to the right fills its column; one at the left is followed by blanks up to the next column, which a
    // number on the right of its own may begin early.
    at = from > at || stop >= at + span ? stop + 1 : Math.min(at + span, skipBlanks(line, stop))
    if (arrow) at = stop + (/^ *-?> /.exec(line.slice(stop))?.[0].length ?? 0)
  }
  return line.slice(at).trim() === '' ? values : undefined
}

/** bpftrace's killsnoop writes the names of signals on the right of their column. */
const isRightAligned = ({ form, label }: { form: ColumnForm; label: string }) => NUMERIC.has(form) || label === 'SIG'

function paddedAt(line: string, at: number, span: number, beforeRight: boolean): { text: string; end: number } {
  // What stands to the right of a wide column may begin inside of it; a name ends before.
  const inside = beforeRight && span > NAME_BYTES + 1 && line.slice(at + NAME_BYTES, at + span).trim() !== ''
  const end = inside ? at + NAME_BYTES + 1 : at + span
  if (end > line.length || line[end - 1] === ' ') return { text: withoutPadding(line.slice(at, end)), end }
  // Wider than its column: up to the next blank.
  const stop = wordEnd(line, end - 1)
  return { text: line.slice(at, stop), end: stop + 1 }
}

function valueOf(word: string, form: ColumnForm): ToolValue | undefined {
  switch (form) {
    case 'integer':
      return INTEGER.test(word) ? integer(word) : undefined
    case 'number':
      return DECIMAL.test(word) ? Number.parseFloat(word) : undefined
    case 'clock':
      return CLOCK.test(word) ? word.replace(/:$/, '') : DECIMAL.test(word) ? Number(word) : undefined
    case 'scalar':
      return INTEGER.test(word) ? integer(word) : word
    default:
      return word
  }
}

function integer(word: string): number | bigint {
  const value = Number(word)
  return Number.isSafeInteger(value) ? value : BigInt(word)
}

/** Blanks at the end of a path are part of it; elsewhere the tools print them after every argument. */
function restOf(text: string, label: string): string {
  return label === 'PATH' || label === 'FILE' ? text : withoutPadding(text)
}

/** `0`, `code 2`, `signal 10 (User defined signal 1), core dumped`. Source: exitsnoop.c of the libbpf-tools. */
function exitOf(text: string): Record<string, ToolValue> {
  const [, code] = /^(?:code )?(\d+)$/.exec(text) ?? []
  if (code !== undefined) return { exitCode: Number(code) }
  const [, signal, name] = /^signal (\d+) \((.*?)\)/.exec(text) ?? []
  if (signal === undefined) return { exitText: text }
  return { signal: Number(signal), signalText: name!, ...(text.endsWith('core dumped') && { coreDumped: true }) }
}

/** Not trimEnd(): a name may end in a tab or another blank that is no padding. */
function withoutPadding(text: string): string {
  let end = text.length
  while (end > 0 && text[end - 1] === ' ') end -= 1
  return text.slice(0, end)
}

function skipBlanks(line: string, at: number): number {
  let from = at
  while (line[from] === ' ') from += 1
  return from
}

function wordEnd(line: string, at: number): number {
  const end = line.indexOf(' ', at)
  return end === -1 ? line.length : end
}
