import type { Grouping, TimeWaitGroup, TimeWaitReport, TuplePressure } from '../model.ts'
import type { WhoClosed } from '../who/who-closed.ts'

/** All that one screen or one JSON document shows. */
export interface TimeWaitView {
  report: TimeWaitReport
  by: Grouping
  /** Sums for `by`, where it is not the tuple. */
  groups: TimeWaitGroup[]
  who: WhoClosed | undefined
  whatIf: { asked: string; tuples: TuplePressure[] } | undefined
}
