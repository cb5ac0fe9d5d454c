import type { DiagnosisReport, Finding, Named } from '../model.ts'
import type { Observation } from '../observation.ts'

/** Whom the question is about. */
export interface Scope {
  pid?: number | undefined
  unit?: string | undefined
  container?: string | undefined
  cgroup?: string | undefined
}

/** Keeps the findings in which somebody of the scope is the culprit or suffers. */
export function narrowTo(report: DiagnosisReport, seen: Observation, scope: Scope): DiagnosisReport {
  const { pid, unit, container, cgroup } = scope
  if (pid === undefined && unit === undefined && container === undefined && cgroup === undefined) return report
  const described = new Map(seen.processes.map(process => [process.pid, process.described]))
  const concerns = (named: Named): boolean => {
    if (pid !== undefined) return named.pid === pid
    const facts = named.pid === undefined ? undefined : described.get(named.pid)
    return facts !== undefined && isIn(scope, facts)
  }
  const isMeant = (finding: Finding): boolean =>
    [...finding.culprits, ...finding.victims].some(concerns) || finding.consequences.some(isMeant)
  const findings = report.findings.filter(isMeant)
  return {
    ...report,
    findings,
    notes: report.notes.filter(isMeant),
    verdict: findings.some(({ severity }) => severity === 'critical')
      ? 'critical'
      : findings.length > 0
        ? 'warning'
        : 'nothing-found',
  }
}

/** Whether a process that stands there is of the unit, container or cgroup asked for. */
export function isIn(
  { unit, container, cgroup }: Scope,
  facts: { unit?: string | undefined; container?: string | undefined; cgroup?: string | undefined },
): boolean {
  if (unit !== undefined) return facts.unit === unit || facts.unit === `${unit}.service`
  if (container !== undefined) return facts.container?.startsWith(container) === true
  return facts.cgroup === cgroup || facts.cgroup?.startsWith(`${cgroup}/`) === true
}
