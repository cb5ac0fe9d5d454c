import type { Report } from '../../../cli/base-command.ts'
import type { SocketReport } from '../../model.ts'
import type { SocketRequest } from '../../plan.ts'
import type { Warning } from '../../../warnings.ts'

/** Looks at the sockets that are asked for, in the namespaces that the command line names. */
export type ReadSockets = (request: SocketRequest) => { report: SocketReport; warnings: Warning[] }

/** What a job for scripts takes from the command that runs it. */
export interface ScriptJob {
  json: boolean
  /** Those that JSON holds; what a job adds is said nowhere else. */
  warnings: Warning[]
  emit(report: Report): Promise<void>
  remark(warning: Warning): void
  /** Says it on stderr, under --json, too. */
  say(text: string): void
}
