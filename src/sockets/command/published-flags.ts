import * as Flags from '@oclif/core/flags'
import { UsageError } from '../../errors.ts'

/** Flags about published ports. */
export const publishedFlags = {
  published: Flags.boolean({
    description:
      'ports that lead into containers or elsewhere, by proxies and by rules of the firewall, and who answers',
    helpGroup: 'containers and firewall',
  }),
}

/** What --published may stand beside; -a, -l and -p are what it does anyway. */
const BESIDE: ReadonlySet<string> = new Set(
  'published all listening tcp udp inet inet6 numeric programs no-header wide json color from endian'.split(' '),
)

/** Refuses what would be ignored. */
export function refuseBesidePublished(flags: Readonly<Record<string, unknown>>): void {
  if (flags['published'] !== true) return
  const other = Object.entries(flags).find(
    ([name, value]) => value !== undefined && value !== false && !BESIDE.has(name),
  )
  if (other !== undefined)
    throw new UsageError(`--published and --${other[0]} do not go together`, {
      hint: 'without --published the listing shows published ports on their rows: -l --all-netns, or :PORT',
    })
}
