import type { Grouping } from '../model/time-wait.ts'
import type { TimeWaitReading } from '../model/time-wait-reading.ts'
import type { TimeWaitView } from '../model/time-wait-view.ts'
import type { WhatIf } from '../model/what-if.ts'
import type { WhoClosed } from '../model/who-closed.ts'
import { timeWaitGroups } from './time-wait-groups.ts'
import { timeWaitReport, type Connections } from './time-wait-report.ts'
import { whatIf } from './what-if.ts'
import { withTracedOwners } from './who-closed.ts'

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
