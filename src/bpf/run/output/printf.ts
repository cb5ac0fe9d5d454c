/** A conversion of printf; `%%` is none. Source: bpftrace(8), printf. */
const CONVERSION = /%(?:%|[-+ 0#]*\d*(?:\.\d+)?(?:hh|h|ll|l|j|z)?([a-zA-Z]))/g
/** More strings in a format than that are not told apart: the ways to do it multiply. */
const MOST_STRINGS = 3

/**
 * Finds the strings in what a script printed: bpftrace hands out the finished text alone. The formats are those of the
 * program. Of a text that no format or several explain nothing is said.
 */
export function printedStrings(program: string): (text: string) => readonly string[] {
  const formats = [...new Set([...program.matchAll(/\bprintf\s*\(\s*"((?:[^"\\]|\\.)*)"/g)].map(match => match[1]!))]
  const patterns = formats.map(patternOf)
  if (!patterns.some(({ strings }) => strings > 0)) return () => []
  return text => {
    const fitting = patterns.filter(({ pattern }) => pattern.test(text))
    const [only] = fitting
    if (only === undefined || fitting.length > 1 || only.strings > MOST_STRINGS) return []
    return only.pattern.exec(text)!.slice(1)
  }
}

function patternOf(source: string): { pattern: RegExp; strings: number } {
  const format = source.replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character)
  let pattern = ''
  let strings = 0
  let at = 0
  for (const match of format.matchAll(CONVERSION)) {
    pattern += literal(format.slice(at, match.index))
    at = match.index + match[0].length
    if (match[1] === undefined) pattern += '%'
    else if (match[1] !== 's') pattern += NO_BLANK_INSIDE
    else {
      strings += 1
      pattern += '([^]*?)'
    }
  }
  return { pattern: new RegExp(`^${pattern}${literal(format.slice(at))}$`), strings }
}

/** A number, padded or not. */
const NO_BLANK_INSIDE = ' *\\S+ *'
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
