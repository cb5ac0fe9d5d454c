import type { Statement } from '../../statement.ts'
import type { TimeWaitFigures } from '../model.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'

/** What a rule may look at: the rows with their settings and counters, and what was computed from them. */
export interface AdviceFacts {
  snapshot: TimeWaitSnapshot
  figures: TimeWaitFigures
}

/**
 * Decides about one advice; `undefined` where its condition is not met. Severities: `critical` where connections fail
 * now or within a minute, `warning` where something is broken, slower or less safe than it could be.
 */
export type AdviceRule = (facts: AdviceFacts) => Statement | undefined
