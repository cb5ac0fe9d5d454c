import type { NamespaceRef } from '../../namespaces/model.ts'
import type { ProcessName } from '../../processes/process-facts.ts'
import type { Severity, Statement } from '../../statement.ts'
import type { HealthCode } from './checks.ts'
import type { HealthFacts } from './facts.ts'
import { culpritOf, ownersOfAll, who } from './health-words.ts'
import type { Owned } from './look.ts'
import type { ThresholdName } from './thresholds.ts'

/** A finding: something is wrong, or worth knowing. */
export interface HealthFinding extends Statement {
  code: HealthCode
  severity: Extract<Severity, 'critical' | 'warning' | 'info'>
  /** Where it was found, where several namespaces or a named one are looked at. */
  netns?: NamespaceRef | undefined
  /** Whom it names as the cause; the first is `culprit`. */
  culprits: readonly ProcessName[]
  /** `finding` without the names of the culprits in front. */
  says: string
  /** Processes of this machine that suffer from it. */
  victims: readonly ProcessName[]
  /** Processes of this machine at the other end that may be the reason. */
  towards: readonly ProcessName[]
  /** The numbers that were compared with a threshold. */
  measured: readonly Measured[]
  /** That part of the evidence that says what the culprit does. */
  doing: string | undefined
  /** How many suffer, or how often it happens. */
  reach: number
}

/** A number and the threshold that it is above. */
export interface Measured {
  threshold: ThresholdName
  value: number
  /** Kernel file. */
  source: string
}

/** Looks for one thing that may be wrong. */
export interface HealthRule {
  code: HealthCode
  /** It says nothing where there is one look only. */
  needsTwoLooks?: boolean
  /** Evidence and reason, in one or two sentences. */
  why: string
  thresholds: readonly ThresholdName[]
  /** Its findings, none where nothing of the kind is to be seen. Pure. */
  check(facts: HealthFacts): HealthFinding[]
}

interface Told extends Pick<Statement, 'evidence' | 'do'>, Partial<Pick<Statement, 'not'>> {
  /** Sockets of the culprits. */
  of?: readonly Owned[]
  /** What stands for the culprits where no owner was found. */
  otherwise?: string
  victims?: readonly Owned[]
  towards?: readonly Owned[]
  measured?: readonly Measured[]
  doing?: string | undefined
  reach?: number
}

/** A finding; where it has culprits, `says` goes on behind their names. */
export function finding(
  code: HealthCode,
  severity: HealthFinding['severity'],
  says: string,
  told: Told,
): HealthFinding {
  const { of = [], otherwise, victims = [], towards = [], evidence, doing, measured = [], reach = 1, not = [] } = told
  const name = of.length === 0 ? otherwise : who(of, otherwise ?? 'a program')
  const culprits = ownersOfAll(of)
  return {
    code,
    severity,
    finding: name === undefined ? says : `${name} ${says}`,
    culprit: culpritOf(of),
    evidence: doing === undefined ? evidence : [...evidence, doing],
    do: told.do,
    not,
    culprits,
    says: culprits.length === 0 && name !== undefined ? `${name} ${says}` : says,
    victims: ownersOfAll(victims).filter(({ pid }) => !culprits.some(culprit => culprit.pid === pid)),
    towards: ownersOfAll(towards),
    measured,
    doing,
    reach,
  }
}

/** A number with the threshold it is compared with. */
export const measured = (threshold: ThresholdName, value: number, source: string): Measured => ({
  threshold,
  value,
  source,
})
