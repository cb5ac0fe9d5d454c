import type { Culprit, Severity, Statement } from '../statement.ts'
import type { Cause, Family } from './causes.ts'
import type { NotLooked } from './observation.ts'
import type { ThresholdName } from './thresholds.ts'

/** A process that a finding names. */
export interface Named extends Culprit {
  /** ISO 8601, UTC: with the pid it names a process for ever. */
  startedAt?: string | undefined
  netns?: string | undefined
}

/** A number that a finding rests on. */
export interface Measure {
  what: string
  value: number | string
  unit?: string | undefined
  threshold?: number | undefined
  /** Kernel file or tracepoint. */
  source?: string | undefined
}

/** What is wrong, who does it, why we say so, and what to do. */
export interface Finding extends Statement {
  cause: Cause
  /** The first of `culprits`; its pid is absent where only the name is known. */
  culprit?: Named | undefined
  culprits: Named[]
  /** Who suffers. */
  victims: Named[]
  /** Processes at the other end that may be the reason: where they have a finding of their own, this one follows from it. */
  towards: Named[]
  /** What the victims see. */
  suffering?: string | undefined
  measures: Measure[]
  /** What the culprit is doing, where that could be seen. */
  doing?: string | undefined
  /** A command of linsight that shows more. */
  more?: string | undefined
  /** The filesystem it is about. */
  place?: string | undefined
  /** How many suffer or how often it happens: orders findings of one severity. */
  reach: number
  /** Whatever else is wrong with the same program explains it. */
  mayFollow?: boolean | undefined
  /** Findings that are only a consequence of this one. */
  consequences: Finding[]
}

/** A rule: data, and a pure function of what was seen. */
export interface Rule<Scene> {
  cause: Cause
  family: Family
  /** It compares two looks; the others need one. */
  looks: 1 | 2
  /** What it cannot do without. */
  needs: readonly ('trace' | 'root')[]
  thresholds: readonly ThresholdName[]
  /** Evidence and reason in one or two sentences, for `--explain`. */
  why: string
  find(scene: Scene): Finding[]
}

export interface DiagnosisReport {
  verdict: Extract<Severity, 'critical' | 'warning'> | 'nothing-found'
  durationMs: number
  findings: Finding[]
  /** Findings that are not accusations. */
  notes: Finding[]
  looked: { processes: number; sockets: number; namespaces: number; failedCalls: number | undefined; tracing: boolean }
  notLooked: NotLooked[]
  unreadable: Record<string, number>
}
