import type { DiagnoseDocument, FindingJson } from '../../diagnose/index.ts'
import { SEVERITIES, type Culprit, type Statement } from '../../statement.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import type { ReportFinding } from '../model.ts'

/** `nginx (pid 812)`. */
export function culpritName({ comm, pid, unit, container }: Culprit): string {
  const name = comm ?? unit ?? container
  if (name === undefined) return pid === undefined ? '' : `pid ${pid}`
  return pid === undefined ? name : `${name} (pid ${pid})`
}

/** What a diagnosis found. */
export function diagnosisFindings(
  { findings, notes }: Pick<DiagnoseDocument, 'findings' | 'notes'>,
  host?: string,
): ReportFinding[] {
  return [...findings, ...notes].map(finding => ({
    ...bare(finding, 'diagnose', host),
    suffering: finding.suffering,
    consequences: consequencesOf(finding),
  }))
}

function consequencesOf({ consequences }: FindingJson): string[] {
  return consequences.flatMap(finding => [
    [finding.culprit && culpritName(finding.culprit), finding.finding].filter(Boolean).join(' '),
    ...consequencesOf(finding),
  ])
}

/** Statements of other commands; what they say may hold byte strings. */
export const statementFindings = (
  statements: readonly Statement[],
  by: ReportFinding['by'],
  host?: string,
): ReportFinding[] =>
  statements.map(({ finding, evidence, ...rest }) =>
    bare({ ...rest, finding: escapeBytes(finding), evidence: evidence.map(escapeBytes) }, by, host),
  )

function bare(statement: Statement, by: ReportFinding['by'], host: string | undefined): ReportFinding {
  const { severity, code, culprit, finding, evidence, do: helps, not } = statement
  const who = culprit && culpritName(culprit)
  return { severity, code, who, finding, evidence, do: helps, not, consequences: [], by, host }
}

/** The most severe first; what a diagnosis says before what others say. */
export const inOrder = (findings: readonly ReportFinding[]): ReportFinding[] =>
  findings
    .filter(({ severity }) => severity !== 'ok' && severity !== 'unknown')
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
