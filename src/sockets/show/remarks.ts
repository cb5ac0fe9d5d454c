import { filterWarnings } from '../rules/filter-warnings.ts'
import { socketWarnings } from '../rules/warnings.ts'
import type { SocketReport, TableName } from '../model.ts'
import type { Warning } from '../../warnings.ts'
import { compatRemarks } from './compat.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/** Everything that limits this answer, each as one remark. `asked`: tables whose absence matters to the user. */
export function limitRemarks(source: ProcSource, report: SocketReport, asked: ReadonlySet<TableName>): Warning[] {
  const { search, filtered } = report
  const recorded = !source.isThisMachine
  const unanswered = filtered === undefined ? [] : filterWarnings(filtered, recorded)
  const warnings = socketWarnings({
    ...report.tables,
    short: report.short,
    recorded,
    asked,
    shown: new Set(report.sockets.map(({ row }) => row.table)),
    byteOrderAssumed: report.byteOrderAssumed,
    unverified: report.sockets.filter(socket => socket.unverified).length,
    owners: search && {
      ...search.view,
      processes: search.processes,
      shownSockets: report.sockets.length,
      ownerlessSockets: report.sockets.filter(({ owners }) => owners?.length === 0).length,
      unreadable: [...search.unreadable.values()].reduce((sum, count) => sum + count, 0),
      hiddenSockets: search.hiddenSockets,
      threadsCut: search.threadsCut,
    },
  })
  return [...warnings, ...unanswered]
}

/** What netstat says on stderr beside the same tables. */
export function netstatRemarks(
  source: ProcSource,
  { search, tables }: SocketReport,
  flags: { programs: boolean; sctp: boolean; verbose: boolean; unix: boolean },
): string {
  const denied =
    flags.programs && search && search.unlistable > 0 ? { all: search.foundNone, uid: source.meta.uid ?? 0 } : undefined
  let text = compatRemarks({ ...tables, denied })
  if (lacksSctp(tables) && flags.sctp) text += unsupported('INET (sctp)')
  // -v names what netstat was built for and this kernel has not, SCTP once for endpoints and once for associations.
  else if (flags.verbose && flags.unix)
    text += ['INET (sctp)', 'INET (sctp)', 'IPX', 'AX25', 'X25', 'NETROM', 'ROSE'].map(unsupported).join('')
  return text
}

export function lacksSctp(tables: SocketReport['tables']): boolean {
  return tables.missing.some(({ table }) => table === 'sctp')
}

const unsupported = (name: string) => `netstat: no support for \`AF ${name}' on this system.\n`
