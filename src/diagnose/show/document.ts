import { escapeBytes } from '../../terminal/escape.ts'
import type { Document, Envelope, Origin, Remarks } from '../../terminal/json.ts'
import type { Severity } from '../../statement.ts'
import type { Cause } from '../causes.ts'
import type { DiagnosisReport, Finding, Measure, Named } from '../model.ts'
import type { NotLooked } from '../observation.ts'

/** One finding, most important first; a `Statement` with more facts. */
export interface FindingJson {
  /** Slug of the cause: `accept-queue-full`. */
  cause: Cause
  /** The same, as every statement has it. */
  code: string
  severity: Severity
  /** Goes on behind the name of the culprit. */
  finding: string
  culprit?: Named | undefined
  culprits: Named[]
  victims: Named[]
  /** What the victims see. */
  suffering?: string | undefined
  evidence: readonly string[]
  measures: Measure[]
  /** What the culprit is doing. */
  doing?: string | undefined
  do: readonly string[]
  not: readonly string[]
  /** A command that shows more. */
  more?: string | undefined
  /** How many suffer or how often it happens. */
  reach: number
  consequences: FindingJson[]
}

/** Document of `linsight diagnose`. */
export interface DiagnoseDocument extends Envelope, Remarks<Record<string, number>> {
  schema: 'linsight/diagnose/1'
  verdict: DiagnosisReport['verdict']
  durationMs: number
  findings: FindingJson[]
  /** Worth knowing, and no accusation. */
  notes: FindingJson[]
  looked: DiagnosisReport['looked']
  notLooked: NotLooked[]
  /** errno name → processes whose descriptors were refused. */
  unreadable: Record<string, number>
}

/** The document `linsight/diagnose/1`. */
export function diagnoseDocument(origin: Origin, report: DiagnosisReport): Document<DiagnoseDocument> {
  return {
    what: 'diagnose',
    origin,
    lists: {},
    facts: {
      verdict: report.verdict,
      durationMs: Math.round(report.durationMs),
      findings: report.findings.map(findingJson),
      notes: report.notes.map(findingJson),
      looked: report.looked,
      notLooked: report.notLooked,
    },
    unreadable: report.unreadable,
  }
}

function findingJson(finding: Finding): FindingJson {
  const { cause, code, severity, culprit, culprits, victims, suffering, measures, doing, more, reach } = finding
  return {
    cause,
    code,
    severity,
    finding: escapeBytes(finding.finding),
    culprit: culprit && namedJson(culprit),
    culprits: culprits.map(namedJson),
    victims: victims.map(namedJson),
    suffering,
    evidence: finding.evidence.map(escapeBytes),
    measures: measures.map(measure => ({
      ...measure,
      what: escapeBytes(measure.what),
      value: typeof measure.value === 'string' ? escapeBytes(measure.value) : measure.value,
    })),
    doing: doing && escapeBytes(doing),
    do: finding.do.map(escapeBytes),
    not: finding.not.map(escapeBytes),
    more,
    reach,
    consequences: finding.consequences.map(findingJson),
  }
}

function namedJson({ comm, cmdline, unit, container, ...rest }: Named): Named {
  const escaped = (text: string | undefined) => text && escapeBytes(text)
  return {
    ...rest,
    comm: escaped(comm),
    cmdline: escaped(cmdline),
    unit: escaped(unit),
    container: escaped(container),
  }
}
