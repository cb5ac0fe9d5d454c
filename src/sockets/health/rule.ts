import type { NamespaceRef } from '../../namespaces/model.ts'
import type { Severity, Statement } from '../../statement.ts'
import type { HealthCode } from './checks.ts'
import type { HealthFacts } from './facts.ts'

/** A finding: something is wrong, or worth knowing. */
export interface HealthFinding extends Statement {
  code: HealthCode
  severity: Extract<Severity, 'critical' | 'warning' | 'info'>
  /** Where it was found, where several namespaces or a named one are looked at. */
  netns?: NamespaceRef | undefined
}

/** Looks for one thing that may be wrong. */
export interface HealthRule {
  code: HealthCode
  /** It says nothing where there is one look only. */
  needsTwoLooks?: boolean
  /** Its findings, none where nothing of the kind is to be seen. Pure. */
  check(facts: HealthFacts): HealthFinding[]
}

export function finding(
  code: HealthCode,
  severity: HealthFinding['severity'],
  text: string,
  rest: Pick<Statement, 'evidence' | 'do'> & Partial<Pick<Statement, 'not' | 'culprit'>>,
): HealthFinding {
  return { code, severity, finding: text, culprit: undefined, not: [], ...rest }
}
