import { Resolver } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { unmapIp } from '../../kernel/ip-address.ts'
import { parseIp } from '../../kernel/parse-ip.ts'

/** Text of a file of /etc; empty where it cannot be read, as names are a convenience. */
export function readNameFile(name: 'hosts' | 'networks' | 'passwd' | 'protocols' | 'services'): string {
  try {
    return readFileSync(`/etc/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/**
 * Host names of addresses, asked of DNS all at once; what has not come within `limitMs` stays
 * unresolved. The names are text of strangers: escape them.
 */
export async function reverseLookup(
  addresses: ReadonlySet<string>,
  limitMs: number,
): Promise<{ names: Map<string, string>; unanswered: number }> {
  const resolver = new Resolver({ timeout: limitMs, tries: 1 })
  const names = new Map<string, string>()
  let unanswered = 0
  const deadline = setTimeout(() => resolver.cancel(), limitMs)
  await Promise.all(
    [...addresses].map(async address => {
      try {
        // Not reverse(), which would look into the hosts file.
        const [name] = await resolver.resolvePtr(reverseName(address))
        if (name !== undefined) names.set(address, name)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'ECANCELLED' || code === 'ETIMEOUT') unanswered += 1
      }
    }),
  )
  clearTimeout(deadline)
  return { names, unanswered }
}

/** Addresses that DNS gives a name; none where no answer came within `limitMs`. */
export async function forwardLookup(name: string, limitMs: number): Promise<string[]> {
  const resolver = new Resolver({ timeout: limitMs, tries: 1 })
  const deadline = setTimeout(() => resolver.cancel(), limitMs)
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  clearTimeout(deadline)
  return answers.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
}

/** The name under which DNS keeps the name of an address; an IPv4-mapped one is one of IPv4. Source: RFC 1035, RFC 3596. */
export function reverseName(address: string): string {
  const bytes = [...(parseIp(unmapIp(address)) ?? [])].toReversed()
  if (bytes.length === 4) return `${bytes.join('.')}.in-addr.arpa`
  return `${bytes.flatMap(byte => [byte & 15, byte >> 4].map(digit => digit.toString(16))).join('.')}.ip6.arpa`
}
