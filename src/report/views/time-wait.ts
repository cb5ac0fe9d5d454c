import type { TimeWaitDocument } from '../../time-wait/index.ts'
import type { TimeWaitView } from '../model.ts'

const MOST_TUPLES = 12
/** Destinations without a TIME_WAIT that hold no more of the ports than this say nothing here. */
const NEARLY_NOTHING = 0.1

/** TIME_WAIT of a machine; undefined where there is none and nothing to be said. */
export function timeWaitView(document: Omit<TimeWaitDocument, 'schema' | 'warnings'>): TimeWaitView | undefined {
  const { verdict, totals, history, tuples, host, takenAt } = document
  const isQuiet = totals.timeWait === 0 && !history?.perSecond.some(arrivals => arrivals > 0)
  if (isQuiet && verdict.severity === 'ok') return undefined
  return {
    host,
    takenAt,
    severity: verdict.severity,
    sentence: verdict.sentence,
    timeWait: totals.timeWait,
    perSecond: history?.perSecond ?? [],
    tuples: tuples
      .filter(tuple => tuple.timeWait > 0 || (tuple.utilization ?? 0) > NEARLY_NOTHING)
      .slice(0, MOST_TUPLES)
      .map(tuple => ({
        from: tuple.localAddress,
        to: `${tuple.remoteAddress.includes(':') ? `[${tuple.remoteAddress}]` : tuple.remoteAddress}:${tuple.remotePort}`,
        timeWait: tuple.timeWait,
        used: tuple.used,
        blocked: tuple.blocked,
        capacity: tuple.capacity,
        share: tuple.utilization,
        exhaustedInS: tuple.forecast?.exhaustedInS,
        who: named(tuple.candidates),
      })),
  }
}

const MOST_NAMED = 3

function named(candidates: TimeWaitDocument['tuples'][number]['candidates']): string {
  const names = candidates.slice(0, MOST_NAMED).map(({ program, pid }) => `${program} (pid ${pid})`)
  const more = candidates.length - names.length
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '')
}
