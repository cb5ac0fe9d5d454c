import type { Bucket } from '../../run/output/message.ts'
import type { ToolHistogram, ToolItem, ToolRow, ToolValue } from './tool-item.ts'
import { parseHeader, parseRow, type ColumnLayout } from './tool-columns.ts'
import { parseBucket, parseHistogramHeader, parseSection } from './tool-histogram.ts'
import { frameOf, stackReader } from './tool-stack.ts'

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
/** `@usecs[` and frames, one a line, up to `]:` or `, comm]: 5`. */
const MAP_KEY_BEGIN = /^(@\w*)\[$/
const MAP_KEY_END = /^(?:, ?(.*))?\]: ?(-?\d+)?$/
/** A key longer than that is none. */
const MOST_KEY_LINES = 400
/** `11:47:22 PIDs/sec: @: 159`. */
const TIMED_MAP_LINE = /^(\d\d:\d\d:\d\d) (\S.*): (@\w*): (-?\d+)$/
/** What bpftrace 0.22 and 0.23 say on stdout when a helper of the kernel fails; the line of the program and marks follow. */
const FAULT_LINE = /^\S+:\d+(?::\d+)?(?:-\d+)?: WARNING: /
const FAULT_LINES = 3
const FAULT_END = /^\s*~+$/
const FAULT_INFO = /^ADDITIONAL INFO - /
/** Tools that print a stack below each row. */
const STACK_BELOW_ROW = new Set(['tcpdrop'])
const FRAME = /^(?:\t| {4})\s*\S/
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
  return new ToolText(tool, emit)
}

class ToolText implements ToolOutputParser {
  readonly #tool: string
  readonly #emit: (item: ToolItem) => void
  readonly #stacks = stackReader()
  /** Of the table whose rows follow. */
  #layout: ColumnLayout | undefined
  /** Clock time printed before what follows. */
  #time: string | undefined
  /** Key of the histogram that follows. */
  #section: Record<string, ToolValue> = {}
  #histogram: { unit: string | undefined; frames?: readonly string[]; buckets: Bucket[] } | undefined
  /** Stack that is the key of the histogram that follows. */
  #frames: readonly string[] | undefined
  /** Key of a map that has begun and goes over several lines. */
  #mapKey: { map: string; lines: string[] } | undefined
  /** A row whose stack follows. */
  #row: { values: ToolRow['values']; frames: string[] } | undefined
  /** Lines that still belong to a warning of bpftrace. */
  #faultLines = 0
  /** Values of a record of one line each. */
  #record: Record<string, ToolValue> = {}
  /** Something was recognised: what is not from here on is no introduction. */
  #begun = false

  constructor(tool: string, emit: (item: ToolItem) => void) {
    this.#tool = tool
    this.#emit = emit
  }

  line(raw: string): void {
    const line = raw.replace(CONTROL_SEQUENCES, '')
    if (this.#takeFrameOfRow(line) || this.#takeMapKey(line) || this.#takeFault(line)) return
    if (line.trim() === '') {
      this.flush()
      return
    }
    if (this.#takeBucket(line)) {
      this.#begun = true
      return
    }
    this.pause()
    const time = TIME_LINE.exec(line)?.[1]
    if (time !== undefined) {
      this.#time = time
      return
    }
    if (this.#takeRow(line) || this.#takeHistogramHeader(line)) return
    const taken = this.#stacks.take(line)
    if (taken !== undefined) {
      this.#begun = true
      if (taken.stack !== undefined) this.#emit(taken.stack)
      return
    }
    this.#endStack()
    const recognised =
      this.#takeHeader(line) ||
      this.#takeSection(line) ||
      this.#takeMap(line) ||
      this.#takeOom(line) ||
      this.#takeRecord(line)
    if (recognised) this.#begun = true
    else this.#emit({ type: this.#begun && !isBanner(line) ? 'unparsed' : 'note', text: line })
  }

  pause(): void {
    this.#endRow()
    if (this.#histogram === undefined) return
    if (this.#histogram.buckets.length > 0)
      this.#emit({
        type: 'histogram',
        ...this.#histogram,
        key: this.#section,
        time: this.#time,
      } satisfies ToolHistogram)
    this.#histogram = undefined
    this.#section = {}
    this.#frames = undefined
  }

  flush(): void {
    this.pause()
    this.#endMapKey()
    this.#endStack()
    if (Object.keys(this.#record).length > 0) this.#emit({ type: 'row', values: this.#record })
    this.#record = {}
  }

  #endRow(): void {
    if (this.#row === undefined) return
    const { values, frames } = this.#row
    this.#row = undefined
    this.#emit({ type: 'row', values, ...(frames.length > 0 && { frames }) })
  }

  /** A key that never ended is text. */
  #endMapKey(): void {
    const lines = this.#mapKey?.lines ?? []
    this.#mapKey = undefined
    for (const text of lines) this.#emit({ type: 'unparsed', text })
  }

  #endStack(): void {
    const { stack, lines } = this.#stacks.flush()
    if (stack !== undefined) this.#emit(stack)
    for (const text of lines) this.#emit({ type: 'unparsed', text })
  }

  // Each of these returns whether it recognised the line.

  #takeFrameOfRow(line: string): boolean {
    if (this.#row === undefined) return false
    if (FRAME.test(line)) this.#row.frames.push(frameOf(line.trim()))
    // A blank line parts the row from its stack, and the stack from the next row.
    else if (line.trim() !== '') return false
    else if (this.#row.frames.length > 0) this.#endRow()
    return true
  }

  #takeMapKey(line: string): boolean {
    const begun = this.#mapKey
    if (begun === undefined) {
      const map = MAP_KEY_BEGIN.exec(line)?.[1]
      if (map === undefined) return false
      this.flush()
      this.#begun = true
      this.#mapKey = { map, lines: [line] }
      return true
    }
    const end = MAP_KEY_END.exec(line)
    if (end === null) {
      begun.lines.push(line)
      if (begun.lines.length > MOST_KEY_LINES) this.#endMapKey()
      return true
    }
    const [, rest, value] = end
    this.#mapKey = undefined
    const frames = begun.lines.slice(1).flatMap(text => (text.trim() === '' ? [] : [frameOf(text.trim())]))
    const key = { map: begun.map, ...(rest !== undefined && { key: rest }) }
    if (value !== undefined) this.#emit({ type: 'stack', frames, key, value: integer(value) })
    else {
      this.#section = key
      this.#frames = frames
    }
    return true
  }

  #takeFault(line: string): boolean {
    const begins = FAULT_LINE.test(line)
    if (begins) this.#faultLines = FAULT_LINES
    else if (this.#faultLines > 0 && line.trim() !== '')
      this.#faultLines = FAULT_END.test(line) ? 0 : this.#faultLines - 1
    else if (!FAULT_INFO.test(line)) return false
    this.#emit({ type: 'note', text: line })
    return true
  }

  #takeBucket(line: string): boolean {
    const bucket = parseBucket(line)
    if (bucket === undefined) return false
    // bpftrace prints no header above a histogram.
    this.#histogram ??= { unit: undefined, ...(this.#frames && { frames: this.#frames }), buckets: [] }
    this.#histogram.buckets.push(bucket)
    return true
  }

  #takeRow(line: string): boolean {
    const values = this.#layout && parseRow(line, this.#layout)
    if (values === undefined) return false
    const time = this.#time
    const row = time === undefined || 'time' in values ? values : { time, ...values }
    if (STACK_BELOW_ROW.has(this.#tool)) this.#row = { values: row, frames: [] }
    else this.#emit({ type: 'row', values: row })
    return true
  }

  #takeHistogramHeader(line: string): boolean {
    const found = parseHistogramHeader(line)
    if (found === undefined) return false
    // The stack right above a histogram is what it is of.
    const { stack, frames } = this.#stacks.flush()
    if (stack !== undefined) this.#emit(stack)
    this.flush()
    this.#layout = undefined
    this.#histogram = { ...found, ...(frames.length > 0 && { frames }), buckets: [] }
    return true
  }

  #takeHeader(line: string): boolean {
    if (this.#layout?.line === line) return true
    const found = parseHeader(line, this.#tool)
    if (found === undefined) return false
    this.#layout = found
    const columns = found.columns.map(({ label, key, align, width }) => ({ label, key, align, width }))
    this.#emit({ type: 'header', columns })
    return true
  }

  #takeSection(line: string): boolean {
    const found = parseSection(line)
    if (found !== undefined) this.#section = found
    return found !== undefined
  }

  #takeMap(line: string): boolean {
    const [, time, what, timed, count] = TIMED_MAP_LINE.exec(line) ?? []
    if (time !== undefined) {
      this.#emit({ type: 'row', values: { time, map: timed!, what: what!, value: Number(count) } })
      return true
    }
    const [, map, key, value] = MAP_LINE.exec(line) ?? []
    if (map === undefined) return false
    const named = { map, ...(key !== undefined && { key }) }
    if (value === undefined) this.#section = named
    else this.#emit({ type: 'row', values: { ...named, value: Number(value) } })
    return true
  }

  #takeOom(line: string): boolean {
    const [, time, pid, comm, victimPid, victimComm, pages] = OOM_LINE.exec(line) ?? []
    if (time === undefined) return false
    const values = { time, pid: Number(pid), comm: comm!, victimPid: Number(victimPid), victimComm: victimComm! }
    this.#emit({ type: 'row', values: { ...values, pages: Number(pages) } })
    return true
  }

  #takeRecord(line: string): boolean {
    if (this.#layout !== undefined) return false
    const [, key, text = '', emptyKey] = RECORD_LINE.exec(line) ?? []
    const name = key ?? emptyKey
    if (name === undefined) return false
    const [, us] = /^(\d+)us$/.exec(text) ?? []
    const label = name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    if (us === undefined) this.#record[label] = /^\d{1,15}$/.test(text) ? Number(text) : text
    else this.#record[`${label}Us`] = Number(us)
    return true
  }
}

/** Sentences for people come in the middle, too. */
function isBanner(line: string): boolean {
  return /^(Attaching \d+ probes?\.\.\.|Attached \d+ probes?|Tracing |Sampling |Exiting |Detaching\.\.\.|Top \d+ )/.test(
    line,
  )
}

function integer(digits: string): number | bigint {
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : BigInt(digits)
}
