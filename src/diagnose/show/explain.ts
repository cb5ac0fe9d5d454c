import { wrap } from '../../terminal/wrap.ts'
import { CAUSES, type Cause } from '../causes.ts'
import { RULES } from '../rules/all.ts'
import { THRESHOLDS } from '../thresholds.ts'

const MARGIN = 11

const NEEDS = {
  trace: 'tracing (bpftrace, root)',
  root: 'root for the processes of other users',
} as const

/** The rule behind each of these causes, all of them where none is named. */
export function* explainCauses(causes: readonly Cause[] | undefined, width: number): Generator<string> {
  const rules = RULES.filter(({ cause }) => causes?.includes(cause) !== false)
  for (const [at, { cause, why, thresholds, needs, looks }] of rules.entries()) {
    if (at > 0) yield '\n'
    const row = (name: string, text: string) => `${wrap(`${name.padEnd(MARGIN)}${text}`, width, MARGIN)}\n`
    yield `${wrap(`${cause}: ${CAUSES[cause]}`, width, 2)}\n`
    yield row('evidence', why)
    for (const name of thresholds) {
      const { value, unit, reason } = THRESHOLDS[name]
      yield row('threshold', `${value < 1 ? `${value * 100} %` : value} ${unit}: ${reason}`)
    }
    yield row('looks', looks === 1 ? 'one, so a recording of /proc is enough' : 'two, and samples between them')
    if (needs.length > 0) yield row('needs', needs.map(need => NEEDS[need]).join(', '))
  }
}
