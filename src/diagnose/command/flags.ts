import * as Flags from '@oclif/core/flags'
import { didYouMean } from '../../terminal/did-you-mean.ts'
import { durationMsFlag } from '../../cli/duration-flag.ts'
import { hostFlags, type HostFlags } from '../../fleet/command/index.ts'
import { UsageError } from '../../errors.ts'
import { CAUSES, type Cause } from '../causes.ts'

const whom = { helpGroup: 'whom' }

export const diagnoseFlags = {
  duration: durationMsFlag('duration', { description: 'how long to look (5s)', leastMs: 2000 }),
  pid: Flags.integer({ char: 'p', min: 1, helpValue: 'PID', description: 'only what concerns this process', ...whom }),
  unit: Flags.string({ helpValue: 'UNIT', description: 'only what concerns this systemd unit', ...whom }),
  container: Flags.string({
    helpValue: 'ID',
    description: 'only what concerns this container; the beginning of its id',
    ...whom,
  }),
  cgroup: Flags.string({
    helpValue: 'PATH',
    description: 'only what concerns this control group and those below',
    ...whom,
  }),
  all: Flags.boolean({ char: 'a', description: 'every finding, and notes that accuse nobody', helpGroup: 'output' }),
  explain: Flags.string({
    helpValue: 'CAUSE',
    description: 'the rule of a cause: evidence, thresholds, reasons; "all" for every cause',
  }),
  'fail-on': Flags.option({
    options: ['critical', 'warning', 'never'] as const,
    default: 'warning',
    description: 'status 1 from this severity on',
    helpGroup: 'output',
  })(),
  record: Flags.string({
    helpValue: 'FILE',
    description: 'keep everything that was seen; --from gives the same findings',
  }),
  from: Flags.string({
    env: 'LINSIGHT_FROM',
    helpValue: 'PATH',
    description: 'a recording of --record, or of linsight snapshot save (one look)',
  }),
  ...hostFlags,
  trace: Flags.boolean({
    allowNo: true,
    default: true,
    description: 'count system calls that fail (root; bpftrace, or tracefs for less)',
  }),
}

export interface DiagnoseFlags extends Partial<HostFlags> {
  duration?: number | undefined
  pid?: number | undefined
  unit?: string | undefined
  container?: string | undefined
  cgroup?: string | undefined
  explain?: string | undefined
  record?: string | undefined
  from?: string | undefined
  trace: boolean
}

export const DEFAULT_DURATION_MS = 5000

/** Refuses flags of which one would be ignored. */
export function refuseConflicts(flags: DiagnoseFlags): void {
  const scopes = (['pid', 'unit', 'container', 'cgroup'] as const).filter(name => flags[name] !== undefined)
  if (scopes.length > 1) throw new UsageError(`--${scopes[0]} and --${scopes[1]} do not go together`)
  if (flags.from === undefined) return
  const live = (['duration', 'record'] as const).find(name => flags[name] !== undefined)
  if (live !== undefined)
    throw new UsageError(`--${live} is for this machine, and --from reads a recording`, {
      hint: `leave out --${live}, or --from`,
    })
  if (!flags.trace)
    throw new UsageError('--no-trace is for this machine, and --from reads a recording', {
      hint: 'leave out --no-trace, or --from',
    })
}

export function causeOf(text: string): Cause {
  if (text in CAUSES) return text as Cause
  throw new UsageError(`there is no cause ${text}`, {
    hint: didYouMean(text, Object.keys(CAUSES), 'see all of them: linsight diagnose --explain all'),
  })
}
