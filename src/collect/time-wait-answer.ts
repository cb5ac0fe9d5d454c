import { timeWaitView, type ViewRequest } from '../analyse/time-wait-view.ts'
import type { TimeWaitView } from '../model/time-wait-view.ts'
import type { Warning } from '../model/warning.ts'
import type { ProcSource } from '../source/proc-source.ts'
import type { HolderScan } from './socket-holders.ts'
import { readTimeWait } from './time-wait-reading.ts'

/** What one look says, and what it could not see. */
export interface TimeWaitAnswer {
  view: TimeWaitView
  remarks: Warning[]
  /** Path below /proc → errno name. */
  unreadable: Record<string, string>
}

/** `holders` looks through the descriptors of all processes; several namespaces share one such look. */
export function answerTimeWait(source: ProcSource, request: ViewRequest, holders?: () => HolderScan): TimeWaitAnswer {
  const look = readTimeWait(source, holders)
  return { view: timeWaitView(look, request), remarks: look.remarks, unreadable: look.unreadable }
}
