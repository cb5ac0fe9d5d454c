import type { SyscallProfile } from '../../profile.ts'
import { type Conclusion } from './conclusion.ts'
import { counted } from '../../../terminal/units.ts'

/** What nobody answers, by errno: how many are worth a word, and what to look at. */
const FAILURES = [
  ['ECONNREFUSED', 3, 'were refused', 'nothing listens there: is the service up, is it the right port and address?'],
  [
    'ETIMEDOUT',
    1,
    'timed out',
    'nothing answers: a firewall that drops, a wrong address, a full backlog; set a timeout of your own, the kernel waits two minutes',
  ],
  ['EHOSTUNREACH', 3, 'found no way to the host', 'the host is down or a firewall rejects: ip route get ADDRESS'],
] as const

/** Connections that were refused or that nobody answered. */
export function failedConnects(profile: SyscallProfile): Conclusion[] {
  return FAILURES.flatMap(([errno, least, what, next]): Conclusion[] => {
    const known = (profile.failedConnects ?? []).filter(failure => failure.errno === errno)
    const told = profile.syscalls.reduce(
      (sum, row) => sum + (row.name === 'connect' ? (row.errnos?.[errno] ?? 0) : 0),
      0,
    )
    // A connect that did not wait has its error asked for later, and only a log shows that.
    const calls = Math.max(
      told,
      known.reduce((sum, failure) => sum + failure.calls, 0),
    )
    if (calls < least) return []
    const peers = [...known]
      .sort((a, b) => b.calls - a.calls)
      .slice(0, 3)
      .map(failure => `${failure.address} ${failure.calls}`)
    return [
      {
        code: `connect-${errno === 'ECONNREFUSED' ? 'refused' : errno === 'ETIMEDOUT' ? 'timeout' : 'unreachable'}`,
        severity: 'warning',
        finding: `${counted(calls, 'connection')} ${calls === 1 ? what.replace('were', 'was') : what} (${errno})${peers.length === 0 ? '' : `: ${peers.join(', ')}`}`,
        next,
        facts: {
          errno,
          calls,
          ...(known.length > 0 && { peers: Object.fromEntries(known.map(({ address, calls: n }) => [address, n])) }),
        },
      },
    ]
  })
}
