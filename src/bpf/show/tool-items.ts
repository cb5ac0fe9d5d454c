import type { ToolColumn, ToolHistogram, ToolItem, ToolRow, ToolStack, ToolValue } from '../tools/output/tool-item.ts'
import type { ToolOutcome } from '../tools/tool-run.ts'
import type { BpfToolLine, BpfToolSummaryLine, JsonRow } from './documents.ts'
import { histogramLines } from './histogram-text.ts'
import { fitColumns, leftOutLine } from '../../terminal/fit.ts'
import { wrap } from '../../terminal/wrap.ts'
import { textWidth } from '../../terminal/text-width.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { shorten } from '../../terminal/shorten.ts'
import { documentLine, type Facts } from '../../terminal/json.ts'
import type { Theme } from '../../terminal/theme.ts'
import type { Warning } from '../../warnings.ts'

/** Items of a tool as lines of text, in the tool's own words; a new header where the columns change. */
export function toolItemText(theme: Theme, width: number): (item: ToolItem) => string {
  let columns: readonly ToolColumn[] = []
  let leftOut = ''
  let hasTime = false
  let headed = false
  let time: ToolValue | undefined
  return item => {
    switch (item.type) {
      case 'header': {
        const fitted = fittedColumns(item.columns, width)
        columns = fitted.columns
        hasTime = item.columns.some(isTime)
        headed = false
        // The tool repeats its header at every interval: once is enough.
        if (fitted.leftOut === leftOut) return ''
        leftOut = fitted.leftOut
        return theme.quiet(leftOut)
      }
      case 'row': {
        const stamp = hasTime ? undefined : item.values['time']
        const before = stamp === undefined || stamp === time ? '' : `\n${String(stamp)}\n`
        time = stamp
        if (!columns.some(column => cellOf(column, item) !== ''))
          return `${before}${wrap(keyed(item.values), width, INDENT)}\n`
        const head = headed && before === '' ? '' : theme.heading(line(columns, column => column.label, width))
        headed = true
        return `${before}${head}${line(columns, column => cellOf(column, item), width)}${framesText(item.frames, width)}`
      }
      case 'histogram':
        return `\n${histogramText(item, theme, width)}`
      case 'stack':
        return stackText(item, width)
      case 'note':
        return `${theme.quiet(wrap(escapeBytes(item.text), width, 0))}\n`
      default:
        return `${wrap(escapeBytes(item.text), width, INDENT)}\n`
    }
  }
}

/** Of lines that go on below themselves. */
const INDENT = 2

/** Items of a tool as values for JSON: bytes escaped, integers no double holds as strings. */
export function toolItemJson(item: ToolItem): BpfToolLine {
  switch (item.type) {
    case 'row':
      return { type: 'row', ...jsonValues(item.values), ...(item.frames && { frames: item.frames.map(escapeBytes) }) }
    case 'histogram':
      return {
        ...item,
        unit: item.unit && escapeBytes(item.unit),
        key: jsonValues(item.key),
        frames: item.frames?.map(escapeBytes),
      }
    case 'stack':
      return { ...item, frames: item.frames.map(escapeBytes), key: jsonValues(item.key), value: jsonValue(item.value) }
    case 'header':
      return { type: 'header', columns: item.columns.map(({ label, key }) => ({ label, key })) }
    default:
      return { type: item.type, text: escapeBytes(item.text) }
  }
}

/** The last line of a run of a tool. */
export function toolSummaryLine(
  { header, end, verdict, counts }: ToolOutcome,
  source: string,
  warnings: readonly Warning[],
): string {
  const { tool, family, path, args, host, takenAt } = header
  const facts: Facts<BpfToolSummaryLine> = {
    tool,
    family,
    path,
    args,
    ...end,
    counts,
    lostAtLeast: verdict.lostAtLeast,
    skippedProbes: verdict.skippedProbes.map(escapeBytes),
  }
  return documentLine('summary', { what: 'bpf-tool', origin: { host, takenAt, source }, facts }, warnings)
}

function jsonValues(values: Readonly<Record<string, ToolValue>>): JsonRow {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, jsonValue(value)]))
}

function jsonValue(value: ToolValue): string | number | boolean {
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'string' ? escapeBytes(value) : value
}

const isTime = ({ key }: ToolColumn) => key === 'time' || key === 'timeS'

/** Narrower than that a last cell says nothing. */
const LEAST_LAST = 8

/**
 * The columns a terminal has room for. They leave from the right, but the last one, which says what happened, and the
 * first, which says to whom, stay; the line names those that left.
 */
function fittedColumns(columns: readonly ToolColumn[], width: number) {
  if (!Number.isFinite(width)) return { columns, leftOut: '' }
  const last = columns.length - 1
  const fit = columns.map(({ label, width: least }, i) => {
    const natural = Math.max(least, textWidth(label))
    return { natural: i === last ? Math.max(natural, LEAST_LAST) : natural }
  })
  const leave = columns.map((_, i) => i).slice(1, -1)
  const { kept, left } = fitColumns(fit, leave.toReversed(), count => width - (count - 1))
  const names = left.map(i => columns[i]!.label)
  return { columns: kept.map(i => columns[i]!), leftOut: leftOutLine(names, width, '--json') }
}

function line(columns: readonly ToolColumn[], cell: (column: ToolColumn) => string, width: number): string {
  const cells = columns.map((column, i) => {
    const text = cell(column)
    const padding = ' '.repeat(Math.max(0, column.width - textWidth(text)))
    if (column.align === 'right') return padding + text
    return i === columns.length - 1 ? text : text + padding
  })
  const last = cells.pop() ?? ''
  const before = cells.map(text => `${text} `).join('')
  // The last cell is the long one: a path, arguments.
  const room = width - textWidth(before)
  return `${room >= LEAST_LAST ? before + shorten(last, room) : shorten(before + last, width)}\n`
}

/** One value can stand for another column: a clock below `TIME(s)`, a signal below `EXIT_CODE`. */
function cellOf({ key }: ToolColumn, { values }: ToolRow): string {
  if (key === 'timeS' && values[key] === undefined) return textOf(values['time'])
  if (key !== 'exitCode' || values[key] !== undefined) return textOf(values[key])
  if (values['signal'] === undefined) return textOf(values['exitText'])
  return `signal ${textOf(values['signal'])} (${textOf(values['signalText'])})${values['coreDumped'] ? ', core dumped' : ''}`
}

function textOf(value: ToolValue | undefined): string {
  return value === undefined ? '' : escapeBytes(String(value))
}

function keyed(values: Readonly<Record<string, ToolValue>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${textOf(value)}`)
    .join(' ')
}

function histogramText({ key, frames, time, unit, buckets }: ToolHistogram, theme: Theme, width: number): string {
  const title = [time ?? '', keyed(key), escapeBytes(unit ?? '')].filter(part => part !== '').join(' ')
  return `${framesText(frames, width)}${title === '' ? '' : `${theme.heading(shorten(title, width))}\n`}${[...histogramLines(buckets, width)].join('')}`
}

const framesText = (frames: readonly string[] = [], width: number) =>
  frames.map(frame => `    ${shorten(escapeBytes(frame), width - 4)}\n`).join('')

function stackText({ frames, key, value }: ToolStack, width: number): string {
  return `${framesText(frames, width)}    - ${shorten(keyed(key), width - 6)}\n        ${value}\n\n`
}
