import { InputError } from '../../errors.ts'

/** What a file of hosts holds. */
export interface HostFile {
  /** Hosts of lines that name no group, as they stand. */
  hosts: string[]
  groups: Map<string, string[]>
}

/**
 * A file of hosts: one line a host (or several, with commas or ranges), `web: web[01-20],proxy1` a group that `@web`
 * stands for, `#` begins a comment. A group of several lines holds what they hold together.
 *
 * @throws InputError `input-format` for a group without a name
 */
export function parseHostFile(text: string, label: string): HostFile {
  const file: HostFile = { hosts: [], groups: new Map() }
  for (const [at, line] of text.split('\n').entries()) {
    const content = line.replace(/(^|\s)#.*$/, '').trim()
    if (content === '') continue
    // A colon of an IPv6 address has no blank behind it.
    const [, group, rest] = /^([^\s:,]*)\s*:(?:\s+(.*))?$/.exec(content) ?? []
    if (group === undefined) file.hosts.push(...wordsOf(content))
    else if (/^[\w.-]+$/.test(group))
      file.groups.set(group, [...(file.groups.get(group) ?? []), ...wordsOf(rest ?? '')])
    else
      throw new InputError('input-format', `line ${at + 1} of ${label} begins no group: ${content.slice(0, 80)}`, {
        hint: 'write it so: web: web[01-20],proxy1',
      })
  }
  return file
}

/** Blanks separate, too. */
function wordsOf(text: string): string[] {
  return text.match(/(?:\[[^\]]*\]|[^\s,])+/g) ?? []
}
