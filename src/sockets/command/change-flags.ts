import * as Flags from '@oclif/core/flags'
import { UsageError } from '../../errors.ts'

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
    helpGroup: 'change',
  }),
}

/** What --diff may stand beside. */
const BESIDE_DIFF: ReadonlySet<string> = new Set(
  'diff all listening tcp udp udplite sctp raw unix packet netlink inet inet6 protocol numeric programs wide json color from endian'.split(
    ' ',
  ),
)

/** Refuses what would be ignored. */
export function refuseBesideDiff(flags: Readonly<Record<string, unknown>>): void {
  if (flags['diff'] === undefined) return
  const other = Object.entries(flags).find(
    ([name, value]) => value !== undefined && value !== false && !BESIDE_DIFF.has(name),
  )
  if (other !== undefined)
    throw new UsageError(`--diff and --${other[0]} do not go together`, {
      hint: 'it compares sockets of one network namespace, by address, state and owner',
    })
}
