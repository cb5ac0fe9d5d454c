import { statement, type Severity } from '../../../statement.ts'
import { formatDurationNs } from '../../../terminal/units.ts'
import type { Finding } from '../../model.ts'
import type { FileStats, SyscallProfile, SyscallStats } from '../../profile.ts'
import { isKind } from '../../../kernel/syscall-kind.ts'

/** What a rule found: the statement but for the form of its evidence. */
export interface Conclusion {
  code: string
  severity: Severity
  /** May hold byte strings. */
  finding: string
  /** What to do or to look at next. */
  next: string
  facts: Finding['facts']
}

/** A rule needs its numbers: where they are unknown it is silent. */
export type Rule = (profile: SyscallProfile) => Conclusion | Conclusion[] | undefined

export function statementOf({ code, severity, finding, next, facts }: Conclusion): Finding {
  const evidence = Object.entries(facts).map(([key, value]) => `${wordsOf(key)}: ${valueOf(key, value)}`)
  return { ...statement(code, severity, finding, { evidence, do: [next] }), facts }
}

/** `one byte calls` for `oneByteCalls`, `mean` for `meanNs`. */
function wordsOf(key: string): string {
  return key.replace(/Ns$/, '').replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}

function valueOf(key: string, value: Finding['facts'][string]): string {
  if (typeof value === 'string') return value
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  if (key.endsWith('Ns')) return formatDurationNs(value)
  return key === 'share' ? `${percent(value, 1)} %` : String(Math.round(value))
}

/** A view to look at next, or how to get a source that has it. */
export function view(profile: SyscallProfile, option: '--by file' | '--by thread' | '--tree', answer: string): string {
  // A log names threads, though they are distinguished only where that is asked for.
  const byThread = profile.threads !== undefined || profile.meta.backend === 'strace-log'
  const has = option === '--by file' ? lookedUp(profile).length > 0 : byThread
  return `${option}${has ? '' : ' of a log (strace -f -ttt -T -yy -o LOG)'} ${answer}`
}

export function lookedUp({ files, lookups }: SyscallProfile): FileStats[] {
  return files ?? lookups ?? []
}

/** Rows of calls of one kind, over all tables. */
export function rowsOf(profile: SyscallProfile, kind: number): SyscallStats[] {
  return profile.syscalls.filter(row => isKind(row.name, kind))
}

export function callsNamed(profile: SyscallProfile, ...names: string[]): number {
  return profile.syscalls.reduce((sum, row) => sum + (names.includes(row.name) ? row.calls : 0), 0)
}

/** Rounded down: 99.6 % of the calls are not all of them. */
export const percent = (part: number, all: number) => String(Math.floor((100 * part) / all))
