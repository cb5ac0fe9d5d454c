import { originOf, type Report } from '../../../cli/base-command.ts'
import { optional } from '../../../errors.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import type { Theme } from '../../../terminal/theme.ts'
import { groupSockets } from '../../group/group-sockets.ts'
import type { GroupKeyName } from '../../group/group-keys.ts'
import { machineNumbers } from '../../group/machine-numbers.ts'
import { summaryDocument } from '../../group/show/summary-document.ts'
import { summaryText } from '../../group/show/summary-text.ts'
import type { SocketReport } from '../../model.ts'
import { filterJson } from '../../show/document.ts'
import type { FailOnJson } from '../../group/show/fail-on-json.ts'

interface SummaryRequest {
  header: boolean
  width: number
  theme: Theme
  user: (uid: number) => string | undefined
  failOn: FailOnJson[] | undefined
}

/** `--summary`: the sockets of a listing, counted, beside the machine's own numbers. */
export function summaryReport(source: ProcSource, report: SocketReport, request: SummaryRequest): Report {
  const several = (report.namespaces?.length ?? 1) > 1
  const keys: GroupKeyName[] = several ? ['netns', 'proto'] : ['proto']
  const groups = groupSockets(report.sockets, keys, request)
  const machine = machineNumbers(path => optional(() => source.readFile(path)))
  const own = report.namespaces?.[0]?.name ?? optional(() => source.readLink('self/ns/net')) ?? source.meta.netns
  const where = several ? `${report.namespaces!.length} network namespaces` : (own ?? 'this network namespace')
  return {
    document: () =>
      summaryDocument(originOf(source), groups, { machine, filter: filterJson(report), failOn: request.failOn }),
    text: () => summaryText(groups, machine, where, request),
  }
}
