import { Resolver } from 'node:dns/promises'
import { readFileSync } from 'node:fs'

/** Text of a file of /etc; empty where it cannot be read, as names are a convenience. */
export function readNameFile(name: 'hosts' | 'passwd' | 'protocols' | 'services'): string {
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
        const [name] = await resolver.reverse(address)
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
