import type { Envelope, Remarks } from '../../terminal/json.ts'
import type { Check } from '../doctor/check-machine.ts'
import type { Need } from '../doctor/attach.ts'
import type { ListEntry, Works } from '../doctor/list-entry.ts'
import type { JobFacts, Probe } from '../jobs/job.ts'
import type { BpfRunHeader, BpfSummary } from '../model.ts'
import type { Bucket } from '../run/output/message.ts'
import type { Field } from '../run/output/row.ts'
import type { ToolRunEnd, ToolRunHeader } from '../tools/tool-run.ts'
import type { ToolColumn, ToolItem } from '../tools/output/tool-item.ts'

// Every JSON document and every line of a JSON stream that linsight bpf writes. JSON Schemas are made from these types.

/** A value of a tracer: integers that no double holds are strings, bytes that are no UTF-8 are escaped. */
export type JsonValue = string | number | boolean | JsonValue[] | { [key: string]: JsonValue | undefined }

/** One event or row, by the keys of the job's fields; a key that is absent could not be seen. */
export interface JsonRow {
  [key: string]: JsonValue | undefined
}

/** Document of `linsight bpf doctor`. */
export interface BpfDoctorDocument extends Envelope, Remarks {
  schema: 'linsight/bpf-doctor/1'
  /** One for each question about the machine. */
  checks: Check[]
  /** Kind of probe → whether programs with it work here. */
  works: Partial<Record<Need, Works>>
  /** With --versions: program → the first line it prints. */
  versions?: Readonly<Record<string, string>> | undefined
}

/** Document of `linsight bpf list`. */
export interface BpfListDocument extends Envelope, Remarks {
  schema: 'linsight/bpf-list/1'
  /** Jobs, and the tools found where they were asked for. */
  entries: ListEntry[]
}

/** Document of `linsight bpf show`. */
export interface BpfShowDocument
  extends Envelope, Remarks, Pick<JobFacts, 'title' | 'shows' | 'doesNotShow' | 'overhead'> {
  schema: 'linsight/bpf-show/1'
  /** Its name. */
  job: string
  /** What its results are: single events, or sums of them. */
  shape: 'events' | 'histogram' | 'counts' | 'stacks'
  /** Columns, in the order of the table. */
  fields: readonly Field[]
  /** What it attaches to. */
  probes: readonly Probe[]
  /** What bpftrace gets on stdin. */
  program: string
}

/** First line of `linsight bpf run`, `script` and the replay of either. */
export interface BpfStartLine extends Envelope {
  type: 'start'
  schema: 'linsight/bpf-run/1'
  /** Release of the kernel. */
  kernel?: string | undefined
  tool: 'bpftrace'
  toolVersion: string
  /** Absent for a script. */
  job?: string | undefined
  /** Path of the script; absent for a job. */
  script?: string | undefined
  shape: BpfShowDocument['shape'] | 'script'
  /** Who is traced; empty: everything. */
  filter: BpfRunHeader['filter']
}

/** All probes are attached. */
export interface BpfReadyLine {
  type: 'ready'
  /** ISO 8601, UTC. */
  time?: string | undefined
}

/** One event of a job; further keys are those of its fields. */
export interface BpfEventLine extends JsonRow {
  type: 'event'
}

interface ResultLine {
  /** End of the interval, ISO 8601 in UTC; absent for the final results. */
  time?: string | undefined
  /** The results of the whole run, not of one interval. */
  final: boolean
}

/** Sums by key, largest first. */
export interface BpfCountsLine extends ResultLine {
  type: 'counts'
  rows: JsonRow[]
}

/** One histogram; where a job has several, a further key says which it is. */
export interface BpfHistogramLine extends ResultLine {
  type: 'histogram'
  /** Of `min` and `max` of the buckets. */
  unit?: string | undefined
  /** Values counted. */
  total: number
  /** Closed intervals. */
  buckets: readonly Bucket[]
  [key: string]: unknown
}

/** Stacks with what they weigh, heaviest first. */
export interface BpfStacksLine extends ResultLine {
  type: 'stacks'
  /** Of `weight`. */
  unit?: string | undefined
  /** Outermost frame first. */
  stacks: { pid: number; comm: string; user: string[]; kernel: string[]; weight: number }[]
}

/** Text that a script printed. */
export interface BpfTextLine {
  type: 'text'
  text: string
}

/** A tuple or value that a script printed. */
export interface BpfValueLine {
  type: 'value'
  value: JsonValue
}

/** A map of a script; entries are a list because keys may appear twice and their order matters. */
export interface BpfMapLine {
  type: 'map' | 'histogram' | 'stats' | 'series'
  name: string
  entries: {
    key?: string | undefined
    /** The stacks in the key, the outermost frame first. */
    stacks?: string[][] | undefined
    value: JsonValue
  }[]
}

/** Last line of `linsight bpf run`, `script` and the replay of either. */
export interface BpfSummaryLine
  extends Remarks, Omit<BpfSummary, 'tracerWarnings' | 'mapsWithJoinedKeys' | 'mapsWithTextKeys' | 'childrenLeft'> {
  type: 'summary'
}

/** One line of `linsight bpf run`, `script` and the replay of either. */
export type BpfRunLine =
  | BpfStartLine
  | BpfReadyLine
  | BpfEventLine
  | BpfCountsLine
  | BpfHistogramLine
  | BpfStacksLine
  | BpfTextLine
  | BpfValueLine
  | BpfMapLine
  | BpfSummaryLine

/** The columns of the rows that follow, in the tool's words. */
export interface BpfToolHeaderLine {
  type: 'header'
  columns: Pick<ToolColumn, 'label' | 'key'>[]
}

/** One row of a tool; further keys are its columns. */
export interface BpfToolRowLine extends JsonRow {
  type: 'row'
  /** The stack below the row, the innermost frame first. */
  frames?: string[]
}

export interface BpfToolHistogramLine {
  type: 'histogram'
  unit?: string | undefined
  key: JsonRow
  /** The stack it is of, the innermost frame first. */
  frames?: string[] | undefined
  time?: string | undefined
  buckets: readonly Bucket[]
}

export interface BpfToolStackLine {
  type: 'stack'
  /** Innermost frame first; `--` between kernel and user functions. */
  frames: string[]
  key: JsonRow
  value: JsonValue
}

/** A line of text: a note before the results, or one that could not be interpreted. */
export interface BpfToolTextLine {
  type: 'note' | 'unparsed'
  text: string
}

/** Another job runs in place of the tool. */
export interface BpfReplacedLine {
  type: 'replaced'
  message: string
  job: string
  hint: string
}

/** Last line of `linsight bpf bcc` and its replay. */
export interface BpfToolSummaryLine
  extends Envelope, Remarks, ToolRunEnd, Pick<ToolRunHeader, 'tool' | 'family' | 'path' | 'args'> {
  type: 'summary'
  schema: 'linsight/bpf-tool/1'
  /** How many lines of each type came before. */
  counts: Readonly<Record<ToolItem['type'], number>>
  /** Events the tool reported as lost. */
  lostAtLeast: number
  /** Probes the tool went on without. */
  skippedProbes: string[]
}

/** One line of `linsight bpf bcc` and its replay. Where a job runs in its place, its lines follow the line `replaced`. */
export type BpfToolLine =
  | BpfReplacedLine
  | BpfToolHeaderLine
  | BpfToolRowLine
  | BpfToolHistogramLine
  | BpfToolStackLine
  | BpfToolTextLine
  | BpfToolSummaryLine
