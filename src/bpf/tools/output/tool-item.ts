import type { Bucket } from '../../run/output/message.ts'

/** What a tool's text says, one thing at a time. Strings are byte strings: one character 0–255 a byte. */
export type ToolItem = ToolHeader | ToolRow | ToolHistogram | ToolStack | ToolNote | ToolUnparsed

export type ToolValue = string | number | bigint | boolean

/** The columns of the rows that follow. */
export interface ToolHeader {
  type: 'header'
  columns: readonly ToolColumn[]
}

export interface ToolColumn {
  /** As the tool prints it: `LAT(ms)`. */
  label: string
  /** As it is called in JSON: `latMs`. */
  key: string
  align: 'left' | 'right'
  /** Least width, as the tool lays its table out. */
  width: number
}

export interface ToolRow {
  type: 'row'
  values: Readonly<Record<string, ToolValue>>
  /** Where it happened, the innermost function first: tcpdrop prints it below the row. */
  frames?: readonly string[] | undefined
}

/** A histogram, of one key where the tool prints one for each process, disk, …. */
export interface ToolHistogram {
  type: 'histogram'
  /** What is counted, as the tool says it: `usecs`, `Kbytes`. Absent where it says nothing. */
  unit: string | undefined
  key: Readonly<Record<string, ToolValue>>
  /** The stack it is of, the innermost function first. */
  frames?: readonly string[] | undefined
  /** Clock time the tool printed before it. */
  time: string | undefined
  /** Closed intervals, ascending; the ends may be open. */
  buckets: readonly Bucket[]
}

export interface ToolStack {
  type: 'stack'
  /** The innermost function first, as the tools print them. `--` stands between kernel and user functions. */
  frames: readonly string[]
  key: Readonly<Record<string, ToolValue>>
  value: number | bigint
}

/** A line for people: what is traced, how to stop it, a total. */
export interface ToolNote {
  type: 'note'
  text: string
}

/** A line that fits nothing before it. */
export interface ToolUnparsed {
  type: 'unparsed'
  text: string
}
