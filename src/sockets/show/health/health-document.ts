import { namespaceNameJson, type NamespaceNameJson } from '../../../namespaces/show/namespace-json.ts'
import type { Statement } from '../../../statement.ts'
import { escapeBytes } from '../../../terminal/escape.ts'
import type { Document, Envelope, Origin, Remarks } from '../../../terminal/json.ts'
import type { HealthReport } from '../../health/check-health.ts'
import type { HealthFinding } from '../../health/rule.ts'
import type { HealthCode } from '../../health/checks.ts'

/** Document of `mynetstat --health`: what is wrong with sockets, with evidence. Texts are escaped. */
export interface SocketHealthDocument extends Envelope, Remarks<Record<string, number>> {
  schema: 'linsight/socket-health/1'
  /** The most severe first; those of severity `info` are nothing wrong. */
  findings: HealthFindingJson[]
  looked: HealthLookedJson
  /** What could not be looked at: these findings are missing or less certain. */
  notLooked: NotLookedJson[]
  /** errno name → processes whose descriptors were refused. */
  unreadable: Record<string, number>
}

/** A statement of `mynetstat --health`. */
export interface HealthFindingJson extends Statement {
  code: HealthCode
  severity: 'critical' | 'warning' | 'info'
  /** With `--all-netns`: the network namespace it is in. */
  netns?: NamespaceNameJson | undefined
}

export interface HealthLookedJson {
  /** How often the tables were read; from one look it is not known what lasts. */
  looks: 1 | 2
  /** Between two looks; absent where recordings do not tell. */
  seconds?: number | undefined
  /** TCP and UDP sockets of the last look. */
  sockets: number
  /** Processes that own them. */
  processes: number
  /** With `--all-netns`: how many network namespaces. */
  namespaces?: number | undefined
}

export interface NotLookedJson {
  what: string
  why: string
  codes: HealthCode[]
}

/** The document `linsight/socket-health/1`. */
export function healthDocument(
  origin: Origin,
  { findings, looked, notLooked }: HealthReport,
  unreadable: Record<string, number>,
): Document<SocketHealthDocument, 'findings'> {
  return {
    what: 'socket-health',
    origin,
    lists: { findings: findings.map(findingJson) },
    facts: { looked, notLooked },
    unreadable,
  }
}

function findingJson({ culprit, ...finding }: HealthFinding): HealthFindingJson {
  const escaped = (text: string | undefined) => text && escapeBytes(text)
  return {
    code: finding.code,
    severity: finding.severity,
    ...(finding.netns && { netns: namespaceNameJson(finding.netns.namespace) }),
    ...(culprit && {
      culprit: {
        ...culprit,
        comm: escaped(culprit.comm),
        cmdline: escaped(culprit.cmdline),
        container: escaped(culprit.container),
        unit: escaped(culprit.unit),
      },
    }),
    finding: escapeBytes(finding.finding),
    evidence: finding.evidence.map(escapeBytes),
    do: finding.do.map(escapeBytes),
    not: finding.not.map(escapeBytes),
  }
}
