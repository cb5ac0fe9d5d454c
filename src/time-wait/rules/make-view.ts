import type { Grouping } from '../model.ts'
import type { TimeWaitReading } from '../read/reading.ts'
import type { TimeWaitView } from './view.ts'
import type { WhatIf } from './what-if-settings.ts'
import type { WhoClosed } from '../who/who-closed.ts'
import { timeWaitGroups } from './groups.ts'
import { timeWaitReport, type Connections } from './report.ts'
import { whatIf } from './what-if.ts'
import { withTracedOwners } from '../who/close-tracker.ts'

export interface ViewRequest {
  by: Grouping
  whatIf?: { asked: string; change: WhatIf } | undefined
  who?: WhoClosed | undefined
  granuleSeenS?: number | undefined
}

export function timeWaitView(
  { reading, connections }: { reading: TimeWaitReading; connections: Connections },
  request: ViewRequest,
): TimeWaitView {
  const { by, who } = request
  const plain = timeWaitReport(reading, connections, { granuleSeenS: request.granuleSeenS })
  const report = who === undefined ? plain : withTracedOwners(plain, who)
  return {
    report,
    by,
    groups: by === 'tuple' ? [] : timeWaitGroups(report, by),
    who,
    whatIf: request.whatIf && {
      asked: request.whatIf.asked,
      tuples: whatIf(reading, connections, report.timing, request.whatIf.change).tuples,
    },
  }
}
