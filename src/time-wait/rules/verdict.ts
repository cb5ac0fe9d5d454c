import type { Statement } from '../../statement.ts'
import type { TimeWaitFigures, TimeWaitReport } from '../model.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'
import { percent, tupleName } from '../words.ts'

/**
 * Decides whether anything is to be done: the most severe advice says so; without one the answer is `ok` if the input
 * was complete and shows how many ports are left, else `unknown`.
 */
export function verdictOf(
  snapshot: TimeWaitSnapshot,
  { totals, tuples, capacity }: TimeWaitFigures,
  advice: readonly Statement[],
): TimeWaitReport['verdict'] {
  const [first] = advice
  if (first !== undefined && first.severity !== 'info') return { severity: first.severity, sentence: first.finding }
  const severity = 'ok'
  if (snapshot.incomplete !== undefined)
    return { severity: 'unknown', sentence: `${snapshot.incomplete}; what can be seen shows nothing wrong` }
  if (totals.active > 0 && capacity === undefined)
    return {
      severity: 'unknown',
      sentence: 'the local port range of this namespace is not known, so the number of ports left is not known either',
    }
  if (totals.timeWait + totals.finWait2 === 0) return { severity, sentence: 'nothing is in TIME_WAIT' }
  const [worst] = tuples
  if (worst?.utilization === undefined || worst.used === 0)
    return { severity, sentence: 'do nothing: these connections take no local port from any client here' }
  const reuse =
    worst.reusable === true && worst.used > worst.blocked ? ` (${worst.used} taken, the rest can be reused)` : ''
  return {
    severity,
    sentence: `do nothing: the fullest destination, ${tupleName(worst)}, holds ${worst.blocked} of ${worst.capacity} ports, ${percent(worst.utilization)}${reuse}`,
  }
}
