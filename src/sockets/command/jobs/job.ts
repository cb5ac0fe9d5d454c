import { UsageError } from '../../../errors.ts'
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

/** Flags of every command: they stand beside any job. */
const COMMON = ['json', 'color', 'from', 'endian']

/** Refuses flags that a job would ignore. */
export function refuseBeside(
  job: string,
  own: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  hint: string,
): void {
  const known = new Set([job, ...own, ...COMMON])
  const other = Object.entries(flags).find(
    ([name, value]) => value !== undefined && value !== false && !known.has(name),
  )
  if (other !== undefined) throw new UsageError(`--${job} and --${other[0]} do not go together`, { hint })
}
