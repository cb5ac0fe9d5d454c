import * as Flags from '@oclif/core/flags'
import { UsageError } from '../../errors.ts'

/** The flag of `mynetstat --exposure`. */
export const exposureFlags = {
  exposure: Flags.boolean({
    description:
      'who can get at what listens here from outside: addresses, firewall (accepted, dropped, depends), published ports',
    helpGroup: 'containers and firewall',
  }),
}

/** What --exposure may stand beside; it looks at listeners and their owners anyway. */
const BESIDE: ReadonlySet<string> = new Set(
  'exposure listening tcp udp udplite inet inet6 protocol numeric programs no-header wide json color from endian'.split(
    ' ',
  ),
)

/** Refuses what would be ignored. */
export function refuseBesideExposure(flags: Readonly<Record<string, unknown>>): void {
  if (flags['exposure'] !== true) return
  const other = Object.entries(flags).find(
    ([name, value]) => value !== undefined && value !== false && !BESIDE.has(name),
  )
  if (other === undefined) return
  const isNamespace = other[0] === 'all-netns' || other[0] === 'netns'
  throw new UsageError(`--exposure and --${other[0]} do not go together`, {
    hint: isNamespace
      ? 'the firewall is that of the namespace it runs in: run it there, with nsenter -n or ip netns exec'
      : '--exposure shows every listener; leave the other out',
  })
}
