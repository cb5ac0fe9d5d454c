import type { Document, Envelope, Remarks } from '../../terminal/json.ts'
import { wrap } from '../../terminal/wrap.ts'
import { CAUSES, type Cause } from '../causes.ts'
import { RULES } from '../rules/all.ts'
import type { Threshold } from '../../statement.ts'
import { THRESHOLDS } from '../thresholds.ts'

const MARGIN = 11

export const NEEDS = {
  trace: 'tracing (bpftrace, root)',
  root: 'root for the processes of other users',
} as const

/** The rule behind one cause. */
export interface CauseJson {
  cause: string
  means: string
  family: string
  evidence: string
  thresholds: Threshold[]
  /** How often one has to look. */
  looks: 1 | 2
  needs: readonly ('trace' | 'root')[]
}

/** Document of `linsight diagnose --explain`. */
export interface CausesDocument extends Envelope, Remarks {
  schema: 'linsight/causes/1'
  causes: CauseJson[]
}

const rulesOf = (causes: readonly Cause[] | undefined) => RULES.filter(({ cause }) => causes?.includes(cause) !== false)

/** The document `linsight/causes/1`. */
export function causesDocument(causes: readonly Cause[] | undefined): Document<CausesDocument> {
  return {
    what: 'causes',
    origin: { host: undefined, takenAt: undefined, source: 'linsight' },
    lists: {},
    facts: {
      causes: rulesOf(causes).map(({ cause, family, why, thresholds, looks, needs }) => ({
        cause,
        means: CAUSES[cause],
        family,
        evidence: why,
        thresholds: thresholds.map(name => THRESHOLDS[name]),
        looks,
        needs,
      })),
    },
  }
}

/** The rule behind each of these causes, all of them where none is named. */
export function* explainCauses(causes: readonly Cause[] | undefined, width: number): Generator<string> {
  for (const [at, { cause, why, thresholds, needs, looks }] of rulesOf(causes).entries()) {
    if (at > 0) yield '\n'
    const row = (name: string, text: string) => `${wrap(`${name.padEnd(MARGIN)}${text}`, width, MARGIN)}\n`
    yield `${wrap(`${cause}: ${CAUSES[cause]}`, width, 2)}\n`
    yield row('evidence', why)
    for (const name of thresholds) yield row('threshold', thresholdText(THRESHOLDS[name]))
    yield row('looks', looks === 1 ? 'one, so a recording of /proc is enough' : 'two, and samples between them')
    if (needs.length > 0) yield row('needs', needs.map(need => NEEDS[need]).join(', '))
  }
}

export const thresholdText = ({ value, unit, reason }: Threshold): string =>
  `${value < 1 ? `${value * 100} %` : value} ${unit}: ${reason}`
