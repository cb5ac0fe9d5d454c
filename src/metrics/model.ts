import type { FamilyName } from './families.ts'

export type MetricType = 'counter' | 'gauge' | 'histogram'

/** What is known of a family before anything is measured: one row of the table in docs/metrics.md. */
export interface FamilyFacts {
  type: MetricType
  /** One sentence, as `# HELP` prints it. */
  help: string
  /** Names of its labels, `netns` left out: see {@link FamilyFacts.perNamespace}. */
  labels: readonly string[]
  /** It is of a network namespace: with --all-netns it has the label `netns`. */
  perNamespace?: true
  /** Labels that stay as they are where series are folded into `other`. */
  keeps?: readonly string[]
  /** What it is good for. */
  why: string
}

/** Label → value, each valid UTF-8 and safe on a terminal. */
export type Labels = Readonly<Record<string, string>>

export interface Sample {
  labels: Labels
  value: number
  /** Of a histogram: which of its series. */
  suffix?: '_bucket' | '_sum' | '_count'
}

/** A family with what was measured. */
export interface MetricFamily extends FamilyFacts {
  name: FamilyName
  samples: readonly Sample[]
}

/** One answer: what text, OpenMetrics and JSON are made from. Families without samples are left out. */
export interface Exposition {
  /** ISO 8601, UTC. */
  takenAt: string
  families: readonly MetricFamily[]
}
