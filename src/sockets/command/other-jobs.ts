import type { sourceFlags } from '../../cli/base-command.ts'
import { refuseBesideDiff } from './change-flags.ts'
import {
  type exposureFlags,
  type publishedFlags,
  refuseBesideExposure,
  refuseBesidePublished,
} from './firewall-flags.ts'
import { type healthFlags, refuseBesideHealth } from './health-flags.ts'
import type { CommandContext } from './jobs/job.ts'
import { viewOf } from './views-flags.ts'
import type { NetstatFlags } from './flags.ts'

type Flags = NetstatFlags &
  import('@oclif/core/interfaces').InferredFlags<
    typeof healthFlags & typeof publishedFlags & typeof exposureFlags & typeof sourceFlags
  > & { json?: boolean | undefined }

/**
 * What is asked for instead of a listing; undefined where that is nothing. Its code is loaded when it runs. Refuses what it
 * would ignore. `extend`: how often -e was given.
 */
export function otherJobOf(
  flags: Flags,
  words: readonly string[],
  extend: number,
): ((context: CommandContext) => Promise<void>) | undefined {
  const view = viewOf(flags)
  if (view !== undefined)
    return async context => (await import('./jobs/views/view.ts')).runView(view, context, flags, words, extend)
  if (flags.pipes) return async context => (await import('./jobs/pipes.ts')).runPipes(context, flags, words)
  refuseBesideHealth(flags, words)
  if (flags.health) return async context => (await import('./jobs/health.ts')).runHealth(context, flags)
  refuseBesideDiff(flags)
  const { diff } = flags
  if (diff !== undefined)
    return async context => (await import('./jobs/diff.ts')).runDiff(context, { ...flags, diff }, words)
  refuseBesidePublished(flags)
  refuseBesideExposure(flags)
  if (flags.exposure) return async context => (await import('./jobs/exposure.ts')).runExposure(context, flags, words)
  if (flags.published) return async context => (await import('./jobs/published.ts')).runPublished(context, flags, words)
  return undefined
}
