import * as Flags from '@oclif/core/flags'
import { refuseBeside } from './jobs/job.ts'

/** What changed among sockets. */
export const changeFlags = {
  watch: Flags.boolean({
    description: 'first all, then only what comes, goes and changes, every SECONDS (default 1)',
    helpGroup: 'question',
  }),
  diff: Flags.string({
    helpValue: 'OLD',
    description:
      'what is different from the recording OLD, in the recording NEW behind it, or now: listeners, counts of others, with -a each of them; exit 1 where anything is',
    helpGroup: 'question',
  }),
}

/** What --diff may stand beside. */
const BESIDE_DIFF =
  'all listening tcp udp udplite sctp raw unix packet netlink inet inet6 protocol numeric programs wide'.split(' ')

/** Refuses what would be ignored. */
export function refuseBesideDiff(flags: Readonly<Record<string, unknown>>): void {
  if (flags['diff'] === undefined) return
  refuseBeside('diff', BESIDE_DIFF, flags, 'it compares sockets of one network namespace, by address, state and owner')
}
