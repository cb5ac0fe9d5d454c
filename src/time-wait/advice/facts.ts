import type { TimeWaitReading } from '../read/reading.ts'
import type { TimeWaitReport } from '../model.ts'

/** What a rule may look at; `report` is complete but for its verdict and advice. */
export interface AdviceFacts {
  reading: TimeWaitReading
  report: Omit<TimeWaitReport, 'verdict' | 'advice'>
}
