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
  #histogram: { unit: string | undefined; buckets: Bucket[] } | undefined
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
  }

  flush(): void {
    this.pause()
    this.#endStack()
    if (Object.keys(this.#record).length > 0) this.#emit({ type: 'row', values: this.#record })
    this.#record = {}
  }

  #endStack(): void {
    const { stack, lines } = this.#stacks.flush()
    if (stack !== undefined) this.#emit(stack)
    for (const text of lines) this.#emit({ type: 'unparsed', text })
  }

  // Each of these returns whether it recognised the line.

  #takeBucket(line: string): boolean {
    const bucket = parseBucket(line)
    if (bucket === undefined) return false
    // bpftrace prints no header above a histogram.
    this.#histogram ??= { unit: undefined, buckets: [] }
    this.#histogram.buckets.push(bucket)
    return true
  }

  #takeRow(line: string): boolean {
    const values = this.#layout && parseRow(line, this.#layout)
    if (values === undefined) return false
    const time = this.#time
    this.#emit({ type: 'row', values: time === undefined || 'time' in values ? values : { time, ...values } })
    return true
  }

  #takeHistogramHeader(line: string): boolean {
    const found = parseHistogramHeader(line)
    if (found === undefined) return false
    this.flush()
    this.#layout = undefined
    this.#histogram = { ...found, buckets: [] }
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
