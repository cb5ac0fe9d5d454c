import type { TimeWaitReading } from '../model/time-wait-reading.ts'
import type { TimeWaitReport } from '../model/time-wait.ts'

/** What a rule may look at; `report` is complete but for its verdict and advice. */
export interface AdviceFacts {
  reading: TimeWaitReading
  report: Omit<TimeWaitReport, 'verdict' | 'advice'>
}
