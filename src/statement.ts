/**
 * How much a statement matters, most first. `critical`: something fails or stands still now. `warning`: it costs, or
 * will fail. `info`: worth knowing. `ok`: looked at and in order. `unknown`: nothing that could be read tells.
 */
export const SEVERITIES = ['critical', 'warning', 'info', 'ok', 'unknown'] as const
export type Severity = (typeof SEVERITIES)[number]

/** The process, thread, unit or host that a statement names as the cause. */
export interface Culprit {
  pid?: number | undefined
  tid?: number | undefined
  /** Name of the task, at most 15 bytes. */
  comm?: string | undefined
  cmdline?: string | undefined
  container?: string | undefined
  unit?: string | undefined
}

/** One conclusion with what it rests on: an advice, a finding about a profile, a check of the machine, a diagnosis. */
export interface Statement {
  /** Stable and kebab-case, for programs. */
  code: string
  severity: Severity
  culprit?: Culprit | undefined
  /** What it is, in one sentence; may hold byte strings. */
  finding: string
  /** The numbers and facts it rests on. */
  evidence: readonly string[]
  /** What helps, best first. */
  do: readonly string[]
  /** What is often recommended and does not help, with the reason. */
  not: readonly string[]
}

/** A limit from which on a rule speaks. */
export interface Threshold {
  value: number
  /** What the value is of, as it is printed behind it. */
  unit: string
  reason: string
}

/** A statement with empty lists where nothing is to be said. */
export function statement(
  code: string,
  severity: Severity,
  finding: string,
  rest: Partial<Omit<Statement, 'code' | 'severity' | 'finding'>> = {},
): Statement {
  return { code, severity, finding, evidence: [], do: [], not: [], ...rest }
}
