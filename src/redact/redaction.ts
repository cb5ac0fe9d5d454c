import { collectOriginals, createPseudonyms } from './pseudonyms.ts'
import type { Redaction } from './words.ts'

/** Names that tell of a site wherever they stand. Byte strings. */
export interface SiteNames {
  /** Lower case. */
  hosts: readonly string[]
  users: readonly string[]
}

/** What a host is called: `web1.acme.com` and `web1`; none where that says nothing of a site. */
export function hostNames(host: string | undefined): string[] {
  const name = host?.toLowerCase()
  if (!name) return []
  return [...new Set([name, name.split('.')[0]!])].filter(part => part !== 'localhost' && part !== '')
}

/**
 * Pseudonyms for everything that belongs together. `goOver` replaces all of it once, to learn which values occur: none of
 * them may become a pseudonym.
 */
export function redactionOf(names: SiteNames, goOver: (collecting: Redaction) => void): Redaction {
  const lists = { hosts: longestFirst(names.hosts), users: longestFirst(names.users) }
  const collected = collectOriginals()
  goOver({ ...lists, pseudonyms: collected })
  for (const name of [...lists.hosts, ...lists.users]) collected.originals.add(name)
  return { ...lists, pseudonyms: createPseudonyms(collected.originals) }
}

/** What `replace` makes of everything that belongs together; it is called twice, see {@link redactionOf}. */
export function redacted<T>(names: SiteNames, replace: (redaction: Redaction) => T): T {
  return replace(redactionOf(names, replace))
}

/** The names of several sites. */
export const allNames = (names: readonly SiteNames[]): SiteNames => ({
  hosts: names.flatMap(({ hosts }) => hosts),
  users: names.flatMap(({ users }) => users),
})

const longestFirst = (names: readonly string[]) => [...new Set(names)].sort((a, b) => b.length - a.length)
