import type { Report } from '../../../cli/base-command.ts'
import type { Terminal } from '../../../cli/terminal.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import type { Warning } from '../../../warnings.ts'

/** What a job of mynetstat takes from the command that runs it. */
export interface JobContext {
  terminal: Terminal
  openSource(from: string | undefined): Promise<ProcSource>
  emit(report: Report): Promise<void>
  remark(warning: Warning): void
  /** Every remark so far, for the last line of a stream. */
  warnings: readonly Warning[]
}
