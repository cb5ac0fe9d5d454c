import { UsageError } from '../../errors.ts'

/** More hosts than that are a range with a digit too many. */
export const MOST_HOSTS = 1000

/** Groups by name, each a list of words as {@link parseHosts} takes them. */
export type HostGroups = ReadonlyMap<string, readonly string[]>

/**
 * `a,b[01-20],@web` as names: commas between, `[01-20]` and `[1,3-5]` are ranges (the width of the first number is
 * kept), `@web` is a group. Each name once, in the order it was given.
 *
 * @throws UsageError for what is no name, an empty word, a range that ends before it begins, an unknown group, and for
 * more than {@link MOST_HOSTS}
 */
export function parseHosts(text: string, groups: HostGroups = new Map()): string[] {
  const names = new Set<string>()
  addHosts(names, text, groups, [])
  return [...names]
}

function addHosts(names: Set<string>, text: string, groups: HostGroups, inside: readonly string[]): void {
  for (const word of wordsOf(text)) {
    if (word.startsWith('@')) addGroup(names, word.slice(1), groups, inside)
    else
      for (const name of expanded(word)) {
        names.add(checkedName(name))
        if (names.size > MOST_HOSTS) throw tooMany()
      }
  }
}

function addGroup(names: Set<string>, group: string, groups: HostGroups, inside: readonly string[]): void {
  const words = groups.get(group)
  if (words === undefined)
    throw new UsageError(`there is no group @${group}`, {
      hint:
        groups.size === 0
          ? 'groups are lines of ~/.config/linsight/hosts or of --hosts-file: web: web[01-20],proxy1'
          : `known are ${[...groups.keys()].map(name => `@${name}`).join(', ')}`,
    })
  if (inside.includes(group))
    throw new UsageError(`the group @${group} holds itself: @${[...inside, group].join(', @')}`)
  for (const word of words) addHosts(names, word, groups, [...inside, group])
}

/** Between commas; those in brackets belong to a range. */
function wordsOf(text: string): string[] {
  const words = text.match(/(?:\[[^\]]*\]|[^,])+/g)?.map(word => word.trim()) ?? []
  const commas = text.replace(/\[[^\]]*\]/g, '').split(',').length - 1
  if (words.length !== commas + 1 || words.includes(''))
    throw new UsageError(text.trim() === '' ? 'no host is named' : `${text} names a host without a name`, {
      hint: 'names stand between commas: --host web1,web2',
    })
  return words
}

/** Every name that the ranges of a word stand for. */
function expanded(word: string): string[] {
  let names = ['']
  for (const part of word.split(/(\[[^\]]*\])/)) {
    const ends = part.startsWith('[') ? rangeOf(part, word) : [part]
    if (names.length * ends.length > MOST_HOSTS) throw tooMany()
    names = names.flatMap(name => ends.map(end => name + end))
  }
  return names
}

/** `[1,3-5]`. */
function rangeOf(brackets: string, word: string): string[] {
  return brackets
    .slice(1, -1)
    .split(',')
    .flatMap(item => {
      const [, first, last = first] = /^\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?$/.exec(item) ?? []
      if (first === undefined || Number(last) < Number(first))
        throw new UsageError(`${brackets} of ${word} is no range`, { hint: 'such as b[01-20] or b[1,3-5]' })
      const count = Number(last) - Number(first) + 1
      if (count > MOST_HOSTS) throw tooMany()
      return Array.from({ length: count }, (_, at) => String(Number(first) + at).padStart(first.length, '0'))
    })
}

const tooMany = () => new UsageError(`these are more than ${MOST_HOSTS} hosts`, { hint: 'ask them in parts' })

/**
 * Only what names of hosts and users are made of: ssh takes a name that begins with `-` for an option, and puts names into
 * the shell line of a ProxyCommand.
 */
const NAME = /^(?:[A-Za-z0-9_][\w.+-]*@)?[A-Za-z0-9_:][\w.:%-]*$/
const LONGEST_NAME = 255

function checkedName(name: string): string {
  if (NAME.test(name) && name.length <= LONGEST_NAME) return name
  throw new UsageError(`${name === '' ? 'an empty text' : name.slice(0, LONGEST_NAME)} is no name of a host`, {
    hint: name.startsWith('-')
      ? 'ssh would take it for an option; a name begins with a letter or a digit'
      : 'a name has letters, digits, dots, dashes and colons, and perhaps USER@ in front; more goes into the ssh configuration',
  })
}
