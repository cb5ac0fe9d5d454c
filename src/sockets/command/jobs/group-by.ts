import type { Report } from '../../../cli/base-command.ts'
import type { Origin } from '../../../terminal/json.ts'
import type { Theme } from '../../../terminal/theme.ts'
import type { GroupKeyName } from '../../group/group-keys.ts'
import { groupSockets } from '../../group/group-sockets.ts'
import type { FailOnJson } from '../../group/show/fail-on-json.ts'
import { groupsDocument } from '../../group/show/groups-document.ts'
import { groupsText } from '../../group/show/groups-text.ts'
import type { SocketReport } from '../../model.ts'
import { filterJson } from '../../show/document.ts'

export interface GroupByRequest {
  keys: readonly GroupKeyName[]
  top: number | undefined
  header: boolean
  width: number
  theme: Theme
  user: (uid: number) => string | undefined
  failOn: FailOnJson[] | undefined
}

/** `--group-by`: the sockets of a listing, counted. */
export function groupReport(origin: Origin, report: SocketReport, request: GroupByRequest): Report {
  const { keys, top, user, failOn } = request
  const groups = groupSockets(report.sockets, keys, { user })
  const unreadable = Object.fromEntries(report.search?.unreadable ?? [])
  return {
    document: () => groupsDocument(origin, groups, { top, failOn, filter: filterJson(report), unreadable }),
    text: () =>
      groupsText(groups, { ...request, oldest: groups.groups.some(group => group.oldestStartedAt !== undefined) }),
  }
}
