import * as Flags from '@oclif/core/flags'
import { refuseBeside } from './jobs/job.ts'

/** Flags about published ports. */
export const publishedFlags = {
  published: Flags.boolean({
    description:
      'ports that lead into containers or elsewhere, by proxies and by rules of the firewall, and who answers',
    helpGroup: 'question',
  }),
}

/** What --published may stand beside; -a, -l and -p are what it does anyway. */
const BESIDE_PUBLISHED = 'all listening tcp udp inet inet6 numeric programs no-header wide'.split(' ')

/** Refuses what would be ignored. */
export function refuseBesidePublished(flags: Readonly<Record<string, unknown>>): void {
  if (flags['published'] !== true) return
  refuseBeside(
    'published',
    BESIDE_PUBLISHED,
    flags,
    'without --published the listing shows published ports on their rows: -l --all-netns, or :PORT',
  )
}

/** The flag of `mynetstat --exposure`. */
export const exposureFlags = {
  exposure: Flags.boolean({
    description:
      'who can get at what listens here from outside: addresses, firewall (accepted, dropped, depends), published ports',
    helpGroup: 'question',
  }),
}

/** What --exposure may stand beside; it looks at listeners and their owners anyway. */
const BESIDE_EXPOSURE = 'listening tcp udp udplite inet inet6 protocol numeric programs no-header wide'.split(' ')

/** Refuses what would be ignored. */
export function refuseBesideExposure(flags: Readonly<Record<string, unknown>>): void {
  if (flags['exposure'] !== true) return
  refuseBeside('exposure', BESIDE_EXPOSURE, flags, other =>
    other === 'all-netns' || other === 'netns'
      ? 'the firewall is that of the namespace it runs in: run it there, with nsenter -n or ip netns exec'
      : '--exposure shows every listener; leave the other out',
  )
}
