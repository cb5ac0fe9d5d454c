import type { InferredFlags } from '@oclif/core/interfaces'
import type { TraceLiveOptions, TraceTarget } from '../live/contract.ts'
import { didYouMean } from '../../terminal/did-you-mean.ts'
import { UsageError } from '../../errors.ts'
import { STRACE_COLUMNS } from '../strace-columns.ts'
import { PROFILE_COLUMNS, type ProfileColumn } from '../show/columns.ts'
import type { traceFlags } from './flags.ts'

export type TraceFlags = InferredFlags<typeof traceFlags>

/** Columns of `-U`, in strace's words or ours; the name is added where it is left out, as strace does. */
export function tableColumns(words: string | undefined): ProfileColumn[] | undefined {
  if (words === undefined) return undefined
  const columns = words.split(',').map(word => {
    const column = columnOf(word.trim())
    if (column === undefined)
      throw new UsageError(`there is no column ${JSON.stringify(word)}`, {
        hint: didYouMean(word.trim(), PROFILE_COLUMNS, `columns: ${PROFILE_COLUMNS.join(', ')}`),
      })
    return column
  })
  const twice = columns.find((column, i) => columns.indexOf(column) !== i)
  if (twice !== undefined) throw new UsageError(`the column ${twice} is asked for more than once`)
  return columns.includes('syscall') ? columns : [...columns, 'syscall']
}

/** One word for each column that `-U` takes, without blanks in it. */
export const COLUMN_WORDS: readonly string[] = PROFILE_COLUMNS.flatMap((column): string[] => {
  if (column === 'detail') return []
  return [column in STRACE_COLUMNS ? STRACE_COLUMNS[column as keyof typeof STRACE_COLUMNS][0] : column]
})

function columnOf(word: string): ProfileColumn | undefined {
  const strace = Object.entries(STRACE_COLUMNS).find(([, words]) => (words as readonly string[]).includes(word))
  if (strace !== undefined) return strace[0] as ProfileColumn
  return PROFILE_COLUMNS.find(column => column === word)
}

/** What to trace and how, from the command line. */
export function liveOptions(flags: TraceFlags, argv: string[]): TraceLiveOptions {
  return {
    target: traceTarget(flags, argv),
    backend: flags.backend,
    followChildren: flags.follow,
    wallOnly: flags.wall,
    expressions: flags.expression ?? [],
    byThread: flags.by === 'thread' || flags.by === 'process' || flags.tree,
    needsLog:
      flags.by === 'file' ||
      flags.by === 'peer' ||
      flags.slowest !== undefined ||
      flags.folded ||
      flags.summary ||
      flags.tree,
    durationMs: flags.duration,
    intervalMs: flags.interval,
  }
}

const WORDS: Readonly<Record<TraceTarget['kind'], string>> = {
  command: 'command',
  pids: 'pid',
  comm: 'name',
  cgroup: 'cgroup',
}

function traceTarget(flags: TraceFlags, argv: string[]): TraceTarget {
  const targets: TraceTarget[] = []
  if (argv.length > 0) targets.push({ kind: 'command', argv })
  if (flags.pid !== undefined) targets.push({ kind: 'pids', pids: pidsOf(flags.pid) })
  if (flags.comm !== undefined) targets.push({ kind: 'comm', comm: flags.comm })
  if (flags.cgroup !== undefined) targets.push({ kind: 'cgroup', path: flags.cgroup })
  const [target, other] = targets
  if (target === undefined)
    throw new UsageError('there is nothing to trace or to read', {
      hint: 'give a command, -p PID, --comm NAME, --cgroup PATH, or --from FILE',
    })
  if (other !== undefined)
    throw new UsageError(`a ${WORDS[target.kind]} and a ${WORDS[other.kind]} were given`, {
      hint: 'trace one of them at a time',
    })
  return target
}

function pidsOf(words: readonly string[]): number[] {
  return words
    .flatMap(word => word.split(/[\s,]+/))
    .filter(word => word !== '')
    .map(word => {
      if (!/^[1-9]\d*$/.test(word)) throw new UsageError(`${JSON.stringify(word)} is no pid`)
      return Number(word)
    })
}
