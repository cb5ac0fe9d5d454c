import { originOf, type Report } from '../../../cli/base-command.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import type { Theme } from '../../../terminal/theme.ts'
import type { GroupKeyName } from '../../group/group-keys.ts'
import { groupSockets } from '../../group/group-sockets.ts'
import type { FailOnJson } from '../../group/show/fail-on-json.ts'
import { groupsDocument } from '../../group/show/groups-document.ts'
import { groupsText } from '../../group/show/groups-text.ts'
import type { SocketReport } from '../../model.ts'
import { filterJson } from '../../show/document.ts'
import { summaryReport } from './summary.ts'

export interface CountRequest {
  /** Undefined: --summary. */
  keys: readonly GroupKeyName[] | undefined
  top: number | undefined
  header: boolean
  width: number
  theme: Theme
  user: (uid: number) => string | undefined
  failOn: FailOnJson[] | undefined
}

/** `--group-by` and `--summary`: the sockets of a listing, counted. */
export function countedReport(source: ProcSource, report: SocketReport, request: CountRequest): Report {
  const { keys, top, user, failOn } = request
  if (keys === undefined) return summaryReport(source, report, request)
  const groups = groupSockets(report.sockets, keys, { user })
  const unreadable = Object.fromEntries(report.search?.unreadable ?? [])
  const oldest = groups.groups.some(group => group.oldestStartedAt !== undefined)
  return {
    document: () => groupsDocument(originOf(source), groups, { top, failOn, filter: filterJson(report), unreadable }),
    text: () => groupsText(groups, { ...request, oldest }),
  }
}
