import type { Severity } from '../statement.ts'

export const REPORT_SCHEMA = 'linsight/report/1'

/** All that the page shows: one JSON value inside it. Texts are plain text; the page escapes what would mislead. */
export interface ReportData {
  schema: typeof REPORT_SCHEMA
  /** ISO 8601, UTC. */
  madeAt: string
  version: string
  redacted: boolean
  inputs: ReportInput[]
  findings: ReportFinding[]
  /** What no finding can come from, and why. */
  notLooked: { what: string; why: string }[]
  timeWait: TimeWaitView[]
  heatmaps: HeatmapView[]
  flames: FlameView[]
  /** Tables as they are: calls of a profile, rows of a trace. */
  tables: TableView[]
  peers: PeerView[]
  sockets: SocketTable | undefined
  warnings: { message: string; hint?: string | undefined }[]
}

export type InputKind = 'snapshot' | 'diagnosis' | 'profile' | 'trace'

/** A recording that the report is made of. */
export interface ReportInput {
  name: string
  kind: InputKind
  host?: string | undefined
  /** ISO 8601, UTC. */
  takenAt?: string | undefined
  /** What it is, in a few words: `5 s of a running machine`. */
  about: string
}

export interface ReportFinding {
  severity: Severity
  code: string
  /** Who it is about: `nginx (pid 812)`. */
  who?: string | undefined
  finding: string
  suffering?: string | undefined
  evidence: readonly string[]
  do: readonly string[]
  not: readonly string[]
  /** What is only a consequence of it. */
  consequences: string[]
  /** The command that said it. */
  by: 'diagnose' | 'tw-stats' | 'trace-syscalls'
  host?: string | undefined
}

export interface TimeWaitView {
  /** The machine, or the recording where it does not tell. */
  host?: string | undefined
  takenAt?: string | undefined
  severity: Severity
  sentence: string
  timeWait: number
  /** Arrivals per second, oldest first; the last is the second before `takenAt`. */
  perSecond: number[]
  tuples: {
    from: string
    to: string
    timeWait: number
    /** Local ports that are taken. */
    used: number
    /** Of them, those that a connect() cannot take over. */
    blocked: number
    capacity?: number | undefined
    /** blocked / capacity, 0 to 1. */
    share?: number | undefined
    exhaustedInS?: number | undefined
    who: string
  }[]
}

/** Counts by two things: rows, and columns of time or of latency. */
export interface HeatmapView {
  title: string
  /** What a cell counts. */
  unit: string
  rowTitle: string
  columnTitle: string
  rows: string[]
  columns: string[]
  /** By row, then column. */
  cells: number[][]
  /** A row leads to what is called so in the flame graph. */
  rowsAreFrames: boolean
}

/** A flame graph; names stand once. */
export interface FlameView {
  title: string
  unit: string
  names: string[]
  root: FlameNode
}

/** Place of the name, weight, what it called. */
export type FlameNode = [name: number, weight: number, children: FlameNode[]]

export interface TableView {
  title: string
  /** Columns of numbers stand to the right. */
  columns: { title: string; isNumber: boolean }[]
  rows: string[][]
  /** Rows that are left out. */
  more: number
}

/** Everybody at one address. */
export interface PeerView {
  address: string
  /** Of which machine it is a peer. */
  host?: string | undefined
  connections: number
  /** State → connections. */
  states: Record<string, number>
  /** Services: `in :443`, `out :5432`, most connections first. */
  services: string[]
  /** Programs here, most connections first. */
  programs: string[]
  /** Where the other end is on this machine: who holds it. */
  here?: string | undefined
}

/** Sockets by column, since there may be very many; texts stand once, and columns hold their places. */
export interface SocketTable {
  count: number
  texts: string[]
  /** Places in `texts`. */
  protocol: number[]
  state: number[]
  local: number[]
  remote: number[]
  program: number[]
  /** Unit or container. */
  service: number[]
  host: number[]
  /** -1 where there is none. */
  localPort: number[]
  remotePort: number[]
  pid: number[]
  recvQ: number[]
  sendQ: number[]
}
