import * as Flags from '@oclif/core/flags'
import { durationMsFlag } from '../../cli/duration-flag.ts'
import { UsageError } from '../../errors.ts'
import { refuseBeside } from './jobs/job.ts'

const health = { helpGroup: 'question' }

/** Flags of `mynetstat --health`. */
export const healthFlags = {
  health: Flags.boolean({
    description: 'what is wrong: full queues, readers that do not read, leaks, losses; exit 1 where anything is',
    ...health,
  }),
  duration: durationMsFlag('duration', {
    leastMs: 100,
    description: 'with --health: the time between its two looks (default 2s)',
    ...health,
  }),
  before: Flags.string({
    helpValue: 'PATH',
    description: 'with --health: an earlier recording of the machine, as the first of two looks',
    ...health,
  }),
}

/** Refuses what would be ignored. */
export function refuseBesideHealth(flags: Readonly<Record<string, unknown>>, words: readonly string[]): void {
  const { health: isAsked, from, duration, before } = flags
  if (isAsked !== true) {
    const alone = (['duration', 'before'] as const).find(name => flags[name] !== undefined)
    if (alone !== undefined)
      throw new UsageError(`--${alone} is for --health`, { hint: 'add --health, or leave it out' })
    return
  }
  refuseBeside(
    'health',
    ['duration', 'before', 'netns', 'all-netns'],
    flags,
    '--health looks at every TCP and UDP socket; leave the other out',
  )
  if (flags['netns'] !== undefined && flags['all-netns'] === true)
    throw new UsageError('--all-netns and --netns do not go together', { hint: '--netns names one of them' })
  if (words[0] !== undefined)
    throw new UsageError(`--health looks at every TCP and UDP socket, so ${words[0]} selects nothing`, {
      hint: 'leave it out',
    })
  if (duration !== undefined && (from !== undefined || before !== undefined))
    throw new UsageError('--duration is for a live look; recordings were made when they were made', {
      hint: 'leave out --duration',
    })
}
