/**
 * Whether a text fits a shell pattern as a whole, blind to the case of ASCII letters: `*` any bytes, also `/`, `?` one
 * byte, `[a-z]` and `[!a-z]` one of them, `\` the next character itself. Both are byte strings. The time is at most
 * the product of both lengths. Source: fnmatch(3) with FNM_CASEFOLD, as ss calls it.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const items = itemsOf(fold(pattern))
  return text => fits(items, fold(text))
}

/** `*`, or what decides about one byte. */
type Item = '*' | ((byte: string) => boolean)

const fold = (text: string) => text.replace(/[A-Z]+/g, letters => letters.toLowerCase())

function itemsOf(pattern: string): Item[] {
  const items: Item[] = []
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at]!
    if (character === '*') items.push('*')
    else if (character === '?') items.push(() => true)
    else if (character === '[') {
      const set = setOf(pattern, at)
      items.push(set?.item ?? (byte => byte === '['))
      at = set?.end ?? at
    } else if (character === '\\' && at + 1 < pattern.length) {
      at += 1
      const literal = pattern[at]!
      items.push(byte => byte === literal)
    } else items.push(byte => byte === character)
  }
  return items
}

/** `[a-z]` from its bracket on; undefined where it is not closed. */
function setOf(pattern: string, from: number): { item: Item; end: number } | undefined {
  const isNegated = /[!^]/.test(pattern[from + 1] ?? '')
  const first = from + (isNegated ? 2 : 1)
  // A closing bracket that stands first is one of the set.
  const end = pattern.indexOf(']', first + 1)
  if (end === -1) return undefined
  const ranges: [low: string, high: string][] = []
  for (let at = first; at < end; at += 1) {
    const low = pattern[at]!
    if (pattern[at + 1] === '-' && at + 2 < end) {
      ranges.push([low, pattern[at + 2]!])
      at += 2
    } else ranges.push([low, low])
  }
  return { item: byte => ranges.some(([low, high]) => byte >= low && byte <= high) !== isNegated, end }
}

function fits(items: readonly Item[], text: string): boolean {
  let item = 0
  let at = 0
  /** Where the last `*` stands, and how far it reaches. */
  let star = -1
  let reach = 0
  while (at < text.length) {
    const wanted = items[item]
    if (wanted === '*') {
      star = item
      reach = at
      item += 1
    } else if (wanted?.(text[at]!)) {
      item += 1
      at += 1
    } else if (star !== -1) {
      reach += 1
      at = reach
      item = star + 1
    } else return false
  }
  while (items[item] === '*') item += 1
  return item === items.length
}
