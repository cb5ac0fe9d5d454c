import * as Flags from '@oclif/core/flags'
import { netnsFlag } from '../../cli/namespace-flags.ts'
import { InputError, UsageError } from '../../errors.ts'
import { GROUPINGS, type Grouping, type TimeWaitReport, type TuplePressure, type WhatIf } from '../model.ts'
import { addressFilter, servicePorts, type AddressFilter } from '../../sockets/index.ts'
import { parsePortRange } from '../read/port-ranges.ts'
import type { ReportRequest } from '../rules/report.ts'

export const twStatsFlags = {
  who: Flags.boolean({
    description:
      'trace for SECONDS (default 10) which process closes first and whose connect() finds no port; needs root',
    helpGroup: 'what',
  }),
  watch: Flags.boolean({
    char: 'w',
    description: 'again every SECONDS (default 1): counters each time, rows as often as 2 % of a CPU allows',
    helpGroup: 'what',
  }),
  'all-netns': Flags.boolean({ description: 'one section for every network namespace in use', helpGroup: 'what' }),
  ...netnsFlag('what'),
  by: Flags.option({
    options: GROUPINGS,
    default: 'tuple',
    description: 'sum up by this: a port is that of the service; owners of rows opened here are known with --who',
    helpGroup: 'what',
  })(),
  top: Flags.integer({ min: 1, description: 'rows of each table (text: 10, JSON: all)', helpGroup: 'what' }),
  'what-if': Flags.string({
    helpValue: 'CHANGES',
    description:
      'capacity and forecast with other settings, with commas between: range=1024-65535 reuse=1 sources=+2 pool=50',
    helpGroup: 'what',
  }),
  'fail-on': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'CONDITION',
    description: 'end with status 1 where any destination meets it: utilization>80%, exhaustion<60s',
    helpGroup: 'what',
  }),
  verbose: Flags.boolean({
    char: 'v',
    description:
      'all there is to say: every advice with its evidence, counts, the last minute, local ports of services',
    helpGroup: 'what',
  }),
  explain: Flags.boolean({ description: 'what every number means', helpGroup: 'what' }),
}

/** What the flags ask for, whatever the mode. */
export interface Request {
  report: ReportRequest
  /** Behind --who or --watch. */
  seconds: number | undefined
  top: number | undefined
  verbose: boolean
  failOn: FailCondition[]
}

export function requestOf(
  flags: {
    by: Grouping
    who: boolean
    watch: boolean
    verbose: boolean
    top?: number | undefined
    'what-if'?: string | undefined
    'fail-on'?: string[] | undefined
  },
  operands: readonly string[],
): Request {
  const asked = flags['what-if']
  const whatIf = asked === undefined ? undefined : { asked, change: whatIfOf(asked) }
  const { seconds, filter } = operandsOf(operands, flags)
  return {
    report: { by: flags.by, whatIf, filter },
    seconds,
    top: flags.top,
    verbose: flags.verbose,
    failOn: failConditionsOf(flags['fail-on'] ?? []),
  }
}

/** `utilization>80%`, `exhaustion<60s`: a question for scripts. */
export interface FailCondition {
  text: string
  /** `undefined` where the tuple does not tell. */
  matches(tuple: TuplePressure): boolean | undefined
}

export function failConditionsOf(texts: readonly string[]): FailCondition[] {
  return texts.flatMap(text => text.split(',')).map(failConditionOf)
}

function failConditionOf(text: string): FailCondition {
  const utilization = /^utili[sz]ation>(\d+(?:\.\d+)?)%?$/.exec(text.replaceAll(' ', ''))
  if (utilization) {
    const share = Number(utilization[1]) / 100
    return { text, matches: tuple => (tuple.utilization === undefined ? undefined : tuple.utilization > share) }
  }
  const exhaustion = /^exhaustion<(\d+(?:\.\d+)?)s?$/.exec(text.replaceAll(' ', ''))
  if (exhaustion) {
    const seconds = Number(exhaustion[1])
    return { text, matches: tuple => tuple.forecast && (tuple.forecast.exhaustedInS ?? Infinity) < seconds }
  }
  throw new UsageError(`--fail-on does not know "${text}"`, {
    hint: 'it knows utilization>80% and exhaustion<60s',
  })
}

/**
 * The conditions that are met, each with the destination that meets it.
 *
 * @throws InputError where none is met as far as can be seen, but not all can be seen
 */
export function metConditions(
  conditions: readonly FailCondition[],
  reports: readonly Pick<TimeWaitReport, 'tuples' | 'incomplete'>[],
  label: string,
): { condition: FailCondition; tuple: TuplePressure }[] {
  const tuples = reports.flatMap(report => report.tuples)
  const met = conditions.flatMap(condition => {
    const tuple = tuples.find(candidate => condition.matches(candidate) === true)
    return tuple === undefined ? [] : [{ condition, tuple }]
  })
  if (met.length > 0 || conditions.length === 0) return met
  // What is missing can only raise the counts: it can prove a failure, never its absence.
  const incomplete = reports.find(report => report.incomplete !== undefined)?.incomplete
  if (incomplete !== undefined)
    throw new InputError('input-format', `--fail-on cannot be answered from ${label}: ${incomplete}`)
  if (conditions.some(condition => tuples.some(tuple => condition.matches(tuple) === undefined)))
    throw new InputError(
      'input-format',
      `--fail-on cannot be answered: ${label} does not tell how many local ports there are`,
    )
  return met
}

/** Modes that do not go together. */
export function refuseOtherModes(flags: {
  json?: boolean | undefined
  explain?: boolean | undefined
  who: boolean
  watch: boolean
  'all-netns': boolean
  netns?: string | undefined
  from?: string | undefined
  host?: string | undefined
  'hosts-file'?: string | undefined
}): void {
  if (flags.explain && flags.json) throw new UsageError('--explain is text for people; there is no JSON of it')
  if ([flags.who, flags.watch, flags['all-netns']].filter(Boolean).length > 1)
    throw new UsageError('--who, --watch and --all-netns exclude each other')
  if (flags['all-netns'] && flags.netns !== undefined)
    throw new UsageError('--all-netns and --netns exclude each other', { hint: '--netns names one of them' })
  const other = flags.host ?? flags['hosts-file']
  if (other !== undefined && (flags.who || flags.watch))
    throw new UsageError(`--${flags.who ? 'who' : 'watch'} is for the machine that runs it`, {
      hint: `run it there: ssh -t HOST tw-stats --${flags.who ? 'who' : 'watch'}`,
    })
  if (flags.from && (flags.who || flags.watch))
    throw new UsageError(`--${flags.who ? 'who' : 'watch'} reads this machine as it runs; a recording never changes`)
}

const WHAT_IF_HINT = 'such as --what-if range=1024-65535,reuse=1,sources=+2,pool=50'

/** `range=1024-65535,reuse=1,sources=+2,pool=50` */
export function whatIfOf(text: string): WhatIf {
  const change: WhatIf = {}
  for (const part of text.split(',')) {
    const [key, value = ''] = part.split('=', 2)
    const count = /^\+?\d{1,6}$/.test(value) ? Number(value) : undefined
    if (key === 'range') change.range = parsePortRange(value)
    else if (key === 'reuse' && count !== undefined && count <= 2) change.reuse = count
    else if (key === 'sources' && !value.startsWith('+'))
      throw new UsageError(`--what-if ${part}: say how many more there would be, such as sources=+1`)
    else if (key === 'sources') change.moreSources = count
    else if (key === 'pool') change.pool = count
    else throw new UsageError(`--what-if does not know "${part}"`, { hint: WHAT_IF_HINT })
    if (Object.values(change).includes(undefined))
      throw new UsageError(`--what-if cannot read the value in "${part}"`, { hint: WHAT_IF_HINT })
  }
  return change
}

/** Words that begin no number begin a filter. */
const FILTER_WORD = /^[^\d.+-]/

/** The seconds behind `--who` or `--watch`, and a filter of destinations. */
export function operandsOf(
  operands: readonly string[],
  flags: { who: boolean; watch: boolean },
): { seconds: number | undefined; filter: AddressFilter | undefined } {
  if (!operands.some(word => FILTER_WORD.test(word))) return { seconds: secondsOf(operands, flags), filter: undefined }
  const leads = (flags.who || flags.watch) && /^\d/.test(operands[0]!)
  const words = leads ? operands.slice(1) : operands
  return {
    seconds: leads ? secondsOf(operands.slice(0, 1), flags) : undefined,
    filter: addressFilter(words.join(' '), servicePorts(['tcp'])),
  }
}

/** The number behind `--who` or `--watch`. */
export function secondsOf(operands: readonly string[], flags: { who: boolean; watch: boolean }): number | undefined {
  const [first, ...more] = operands
  if (first === undefined) return undefined
  if (more.length > 0 || !(flags.who || flags.watch) || !/^\d+(\.\d+)?$/.test(first) || Number(first) === 0)
    throw new UsageError(`"${more[0] ?? first}" is not expected here`, {
      hint: 'the only operand is the number of seconds behind --who or --watch',
    })
  return Number(first)
}
