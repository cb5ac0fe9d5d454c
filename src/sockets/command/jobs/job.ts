import { UsageError } from '../../../errors.ts'
import type { Report } from '../../../cli/base-command.ts'
import { hostFlags } from '../../../fleet/command/index.ts'
import type { Terminal } from '../../../cli/terminal.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import type { Warning } from '../../../warnings.ts'
import type { ScriptJob } from './script-job.ts'

/** What a job of mynetstat takes from the command that runs it. */
export interface JobContext {
  terminal: Terminal
  openSource(from: string | undefined): Promise<ProcSource>
  emit(report: Report): Promise<void>
  remark(warning: Warning): void
  /** Every remark so far, for the last line of a stream. */
  warnings: readonly Warning[]
}

/** What the listing, and a job for scripts, take from it besides. */
export interface CommandContext extends JobContext, ScriptJob {
  warnings: Warning[]
  emit(report: Report): Promise<void>
  remark(warning: Warning): void
  /** Which namespace was meant by a word that is not its name. */
  sayNamespace(remark: string | undefined): void
}

/** Flags of every command: they stand beside any job. */
const COMMON = ['json', 'color', 'from', 'endian', ...Object.keys(hostFlags)]

/** Refuses flags that a job would ignore. */
export function refuseBeside(
  job: string,
  own: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  hint: string | ((other: string) => string),
): void {
  const known = new Set([job, ...own, ...COMMON])
  const other = Object.entries(flags).find(
    ([name, value]) => value !== undefined && value !== false && !known.has(name),
  )
  if (other === undefined) return
  const [name] = other
  throw new UsageError(`--${job} and --${name} do not go together`, {
    hint: typeof hint === 'string' ? hint : hint(name),
  })
}
