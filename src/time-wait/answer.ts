import { timeWaitView, type ViewRequest } from './rules/make-view.ts'
import type { TimeWaitView } from './rules/view.ts'
import type { Warning } from '../warnings.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import type { HolderScan } from '../processes/socket-owners.ts'
import { readTimeWait } from './read/read-connections.ts'

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
