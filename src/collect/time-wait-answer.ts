import { timeWaitView, type ViewRequest } from '../analyse/time-wait-view.ts'
import type { TimeWaitView } from '../model/time-wait-view.ts'
import type { Warning } from '../model/warning.ts'
import type { ProcSource } from '../source/proc-source.ts'
import { readTimeWait } from './time-wait-reading.ts'

/** What one look says, and what it could not see. */
export interface TimeWaitAnswer {
  view: TimeWaitView
  remarks: Warning[]
  /** Path below /proc → errno name. */
  unreadable: Record<string, string>
}

export function answerTimeWait(source: ProcSource, request: ViewRequest): TimeWaitAnswer {
  const look = readTimeWait(source)
  return { view: timeWaitView(look, request), remarks: look.remarks, unreadable: look.unreadable }
}
