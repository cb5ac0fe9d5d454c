import * as Flags from '@oclif/core/flags'
import { durationMsFlag } from '../../cli/duration-flag.ts'
import { UsageError } from '../../errors.ts'
import { didYouMean } from '../../terminal/did-you-mean.ts'
import { GROUPINGS, VIEWS, type ViewName } from '../model.ts'
import { VIEW_OF } from '../show/views/all.ts'

const shown = { helpGroup: 'what is shown' }
const pace = { helpGroup: 'pace' }

export const topFlags = {
  view: Flags.option({
    options: VIEWS,
    char: 'v',
    default: 'processes',
    description: 'what it begins with',
    ...shown,
  })(),
  pid: Flags.integer({
    char: 'p',
    min: 1,
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'PID',
    description: 'only sockets of this process; may be given several times',
    ...shown,
  }),
  by: Flags.string({
    helpValue: 'KEY',
    description:
      'group rows: processes by program, unit, container; connections by remote, port, state; hosts by network',
    ...shown,
  }),
  sort: Flags.string({ char: 's', helpValue: 'COLUMN', description: 'order of the rows', ...shown }),
  interval: durationMsFlag('interval', {
    description: 'from look to look (1s); longer where looking would take more than 3 % of a CPU',
    leastMs: 100,
    ...pace,
  }),
  count: Flags.integer({ char: 'n', min: 1, helpValue: 'N', description: 'end after so many looks', ...pace }),
  diagnose: durationMsFlag('diagnose', {
    description: 'look for what is wrong again and again, so far apart; without it when the view is opened, and with d',
    leastMs: 10_000,
    ...pace,
  }),
  from: Flags.string({
    env: 'LINSIGHT_FROM',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'PATH',
    description:
      'replay recordings of linsight snapshot save instead, in the order they were taken: files, or a folder of them',
    helpGroup: 'source',
  }),
}

export interface TopFlags {
  view: ViewName
  pid?: number[] | undefined
  by?: string | undefined
  sort?: string | undefined
  diagnose?: number | undefined
  from?: string[] | undefined
  interval?: number | undefined
}

export const DEFAULT_INTERVAL_MS = 1000

/** For shells: of every view. */
export const TOP_COMPLETIONS = {
  by: { words: [...new Set(Object.values(GROUPINGS).flat())] },
  sort: { words: [...new Set(Object.values(VIEW_OF).flatMap(({ columns }) => columns.map(({ name }) => name)))] },
}

/** What rows are gathered by, from the start. */
export function groupingOf({ by, view }: TopFlags): string {
  const all: readonly string[] = GROUPINGS[view]
  if (by === undefined) return all[0]!
  if (all.includes(by)) return by
  throw new UsageError(`--by ${by}: ${view} are not grouped by that`, {
    hint: all.length === 1 ? `${view} have no groups` : didYouMean(by, [...all], `give one of ${all.join(', ')}`),
  })
}

/** `in`: its own order, the largest first where it is a number. */
export function sortOf({ sort, view }: TopFlags): { column: string; descending: boolean } | undefined {
  if (sort === undefined) return undefined
  const column = VIEW_OF[view].columns.find(({ name }) => name === sort)
  if (column !== undefined) return { column: sort, descending: column.align === 'right' || column.picture === true }
  const names = VIEW_OF[view].columns.map(({ name }) => name)
  throw new UsageError(`--sort ${sort}: ${view} have no such column`, {
    hint: didYouMean(sort, names, `give one of ${names.join(', ')}`),
  })
}

/** Operands and --pid as one filter. */
export function filterText(words: readonly string[], pids: readonly number[] = []): string {
  const own = words.join(' ')
  const ofPids = pids.map(pid => `pid ${pid}`).join(' or ')
  if (own === '' || ofPids === '') return own + ofPids
  return `(${own}) and (${ofPids})`
}

export function refuseConflicts(flags: TopFlags, isRecorded: boolean): void {
  if (!isRecorded || flags.diagnose === undefined) return
  throw new UsageError('--diagnose is for this machine, and --from reads a recording', {
    hint: 'leave out --diagnose, or --from: a recording is diagnosed when the view is opened',
  })
}
