import type { Bucket } from '../../run/output/message.ts'
import type { ToolHistogram, ToolItem, ToolValue } from './tool-item.ts'
import { parseHeader, parseRow, type ColumnLayout } from './tool-columns.ts'
import { parseBucket, parseHistogramHeader, parseSection } from './tool-histogram.ts'
import { stackReader } from './tool-stack.ts'

/** Understands the text of a tool line by line. */
export interface ToolOutputParser {
  /** One line without its newline, as a byte string. */
  line(text: string): void
  /** Hands out a histogram that only the next line would end: call it when the tool pauses. */
  pause(): void
  /** Hands out all that was begun: call it at the end. */
  flush(): void
}

/** Between two outputs of a tool with an interval: `12:16:54`, `[11:41:31]`, `12:16:54 loadavg: 0.10 …`. */
const TIME_LINE = /^\[?(\d\d:\d\d:\d\d)\]?(?: loadavg: .*)?\s*$/
/** What a tool sends to clear the screen. */
const CONTROL_SEQUENCES = /^(?:\x1b\[[0-9;?]*[A-Za-z])+/
/** `@start[867]: 1829912791278`, `@: 0`; the name of a map is all a bpftrace script prints above a histogram, too. */
const MAP_LINE = /^(@\w*)(?:\[(.*)\])?: ?(-?\d+)?$/
/** `RET:    0` of mountsnoop -d. */
const RECORD_LINE = /^([A-Z][A-Z_]{1,13}): {1,}(.*)$|^([A-Z][A-Z_]{1,13}):$/
const OOM_LINE = /^(\d\d:\d\d:\d\d) Triggered by PID (\d+) \("(.*)"\), OOM kill of PID (\d+) \("(.*)"\), (\d+) pages/

/**
 * The text of a libbpf-tool, a BCC tool or a bpftrace tool as typed items: tables by their header, histograms, stacks, maps.
 *
 * `tool` is the bare name, `emit` gets each item. What fits nothing is handed out as a note before the first table or
 * histogram and as `unparsed` after it. Never throws, whatever the bytes.
 * Cannot tell: a file name that holds a newline and a forged row from two rows; the tools print both alike.
 */
export function toolOutputParser(tool: string, emit: (item: ToolItem) => void): ToolOutputParser {
  const stacks = stackReader()
  let layout: ColumnLayout | undefined
  let time: string | undefined
  let section: Record<string, ToolValue> = {}
  let histogram: { unit: string | undefined; buckets: Bucket[] } | undefined
  let record: Record<string, ToolValue> = {}
  let begun = false

  const endHistogram = () => {
    if (histogram === undefined) return
    if (histogram.buckets.length > 0)
      emit({ type: 'histogram', ...histogram, key: section, time } satisfies ToolHistogram)
    histogram = undefined
    section = {}
  }
  const endStack = () => {
    const { stack, lines } = stacks.flush()
    if (stack !== undefined) emit(stack)
    for (const text of lines) emit({ type: 'unparsed', text })
  }
  const endRecord = () => {
    if (Object.keys(record).length > 0) emit({ type: 'row', values: record })
    record = {}
  }
  const flush = () => {
    endHistogram()
    endStack()
    endRecord()
  }
  /** Each of these takes the line if it is one of its own. */
  const takers: ((line: string) => boolean)[] = [
    function header(line) {
      if (layout?.line === line) return true
      const found = parseHeader(line, tool)
      if (found === undefined) return false
      layout = found
      emit({
        type: 'header',
        columns: found.columns.map(({ label, key, align, width }) => ({ label, key, align, width })),
      })
      return true
    },
    function sectionLine(line) {
      const found = parseSection(line)
      if (found !== undefined) section = found
      return found !== undefined
    },
    function mapLine(line) {
      const [, map, key, value] = MAP_LINE.exec(line) ?? []
      if (map === undefined) return false
      if (value === undefined) section = { map, ...(key !== undefined && { key }) }
      else emit({ type: 'row', values: { map, ...(key !== undefined && { key }), value: Number(value) } })
      return true
    },
    function oomLine(line) {
      const [, at, pid, comm, victimPid, victimComm, pages] = OOM_LINE.exec(line) ?? []
      if (at === undefined) return false
      const values = { time: at, pid: Number(pid), comm: comm!, victimPid: Number(victimPid), victimComm: victimComm! }
      emit({ type: 'row', values: { ...values, pages: Number(pages) } })
      return true
    },
    function recordLine(line) {
      if (layout !== undefined) return false
      const [, key, text, emptyKey] = RECORD_LINE.exec(line) ?? []
      const name = key ?? emptyKey
      if (name === undefined) return false
      const [, us] = /^(\d+)us$/.exec(text ?? '') ?? []
      const label = name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
      if (us === undefined) record[label] = /^\d{1,15}$/.test(text ?? '') ? Number(text) : (text ?? '')
      else record[`${label}Us`] = Number(us)
      return true
    },
  ]

  function histogramHeader(line: string): boolean {
    const found = parseHistogramHeader(line)
    if (found === undefined) return false
    flush()
    layout = undefined
    histogram = { ...found, buckets: [] }
    return true
  }
  function bucketLine(line: string): boolean {
    const bucket = parseBucket(line)
    if (bucket === undefined) return false
    // bpftrace prints no header above a histogram.
    histogram ??= { unit: undefined, buckets: [] }
    histogram.buckets.push(bucket)
    return true
  }
  function rowLine(line: string): boolean {
    const values = layout && parseRow(line, layout)
    if (values === undefined) return false
    emit({ type: 'row', values: time === undefined || 'time' in values ? values : { time, ...values } })
    return true
  }

  return {
    line(raw) {
      const line = raw.replace(CONTROL_SEQUENCES, '')
      if (line.trim() === '') {
        flush()
        return
      }
      if (bucketLine(line)) {
        begun = true
        return
      }
      endHistogram()
      const at = TIME_LINE.exec(line)?.[1]
      if (at !== undefined) {
        time = at
        return
      }
      if (rowLine(line)) return
      if (histogramHeader(line)) return
      const taken = stacks.take(line)
      if (taken !== undefined) {
        begun = true
        if (taken.stack !== undefined) emit(taken.stack)
        return
      }
      endStack()
      if (takers.some(take => take(line))) begun = true
      else emit({ type: begun && !isBanner(line) ? 'unparsed' : 'note', text: line })
    },
    pause: endHistogram,
    flush,
  }
}

/** Sentences for people come in the middle, too. */
function isBanner(line: string): boolean {
  return /^(Attaching \d+ probes?\.\.\.|Attached \d+ probes?|Tracing |Sampling |Exiting |Detaching\.\.\.|Top \d+ )/.test(
    line,
  )
}
