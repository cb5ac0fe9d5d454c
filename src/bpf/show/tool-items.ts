import type { ToolColumn, ToolHistogram, ToolItem, ToolRow, ToolStack, ToolValue } from '../tools/output/tool-item.ts'
import type { ToolOutcome } from '../tools/tool-run.ts'
import type { BpfToolLine, BpfToolSummaryLine, JsonRow } from './documents.ts'
import { histogramLines } from './histogram-text.ts'
import { textWidth } from '../../terminal/columns.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { documentLine, type Facts } from '../../terminal/json.ts'
import type { Theme } from '../../terminal/theme.ts'
import type { Warning } from '../../warnings.ts'

/** Items of a tool as lines of text, in the tool's own words; a new header where the columns change. */
export function toolItemText(theme: Theme): (item: ToolItem) => string {
  let columns: readonly ToolColumn[] = []
  let headed = false
  let time: ToolValue | undefined
  return item => {
    switch (item.type) {
      case 'header':
        columns = item.columns
        headed = false
        return ''
      case 'row': {
        const stamp = columns.some(column => isTime(column)) ? undefined : item.values['time']
        const before = stamp === undefined || stamp === time ? '' : `\n${String(stamp)}\n`
        time = stamp
        if (!columns.some(column => cellOf(column, item) !== '')) return `${before}${keyed(item.values)}\n`
        const head = headed && before === '' ? '' : theme.heading(line(columns, column => column.label))
        headed = true
        return `${before}${head}${line(columns, column => cellOf(column, item))}${framesText(item.frames)}`
      }
      case 'histogram':
        return `\n${histogramText(item, theme)}`
      case 'stack':
        return stackText(item)
      case 'note':
        return `${theme.quiet(escapeBytes(item.text))}\n`
      default:
        return `${escapeBytes(item.text)}\n`
    }
  }
}

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

function line(columns: readonly ToolColumn[], cell: (column: ToolColumn) => string): string {
  const cells = columns.map((column, i) => {
    const text = cell(column)
    const padding = ' '.repeat(Math.max(0, column.width - textWidth(text)))
    if (column.align === 'right') return padding + text
    return i === columns.length - 1 ? text : text + padding
  })
  return `${cells.join(' ')}\n`
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

function histogramText({ key, frames, time, unit, buckets }: ToolHistogram, theme: Theme): string {
  const title = [time ?? '', keyed(key), escapeBytes(unit ?? '')].filter(part => part !== '').join(' ')
  return `${framesText(frames)}${title === '' ? '' : `${theme.heading(title)}\n`}${[...histogramLines(buckets)].join('')}`
}

const framesText = (frames: readonly string[] = []) => frames.map(frame => `    ${escapeBytes(frame)}\n`).join('')

function stackText({ frames, key, value }: ToolStack): string {
  return `${framesText(frames)}    - ${keyed(key)}\n        ${value}\n\n`
}
