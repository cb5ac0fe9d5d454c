import { elementValue, listOf, objectOf, textOf, wordOf, type Json } from './nft-values.ts'

/** Longer lists are cut: a rule is quoted, not copied. */
const MOST_VALUES = 12

/**
 * A rule of nft's JSON nearly as `nft list ruleset` prints it, counters left out. What has no form here is shown as JSON:
 * a quote may be ugly, never wrong.
 */
export function ruleText(statements: readonly Json[], comment: string | undefined): string {
  const words = statements.map(statementText).filter(text => text !== '')
  return [...words, ...(comment === undefined ? [] : [`comment "${comment}"`])].join(' ')
}

function statementText(statement: Json): string {
  const [kind = '', value] = Object.entries(objectOf(statement))[0] ?? []
  const facts = objectOf(value)
  switch (kind) {
    case 'match':
      return matchText(value)
    case 'counter':
      return ''
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
    case 'masquerade':
    case 'notrack':
      return kind
    case 'jump':
    case 'goto':
      return `${kind} ${textOf(facts['target'])}`
    case 'reject':
      return facts['type'] === undefined ? 'reject' : `reject with ${textOf(facts['type'])}`
    case 'limit':
      return `limit rate ${facts['inv'] === true ? 'over ' : ''}${wordOf(facts['rate'])}/${wordOf(facts['per'])}`
    case 'log':
      return facts['prefix'] === undefined ? 'log' : `log prefix "${textOf(facts['prefix'])}"`
    case 'vmap':
      return `${expressionText(facts['key'])} vmap ${mapText(facts['data'])}`
    case 'dnat':
    case 'snat':
    case 'redirect':
      return translationText(kind, facts)
    case 'mangle':
      return `${expressionText(facts['key'])} set ${expressionText(facts['value'])}`
    case 'xt':
      return facts['name'] === undefined ? 'xt' : `xt ${wordOf(facts['type'])} "${wordOf(facts['name'])}"`
    default:
      return JSON.stringify(statement)
  }
}

function translationText(kind: string, { addr, port }: ReturnType<typeof objectOf>): string {
  const address = addr === undefined ? '' : expressionText(addr)
  const shown = address.includes(':') && typeof addr === 'string' ? `[${address}]` : address
  const to = port === undefined ? shown : `${shown}:${expressionText(port)}`
  return to === '' ? kind : `${kind} to ${to}`
}

/** `tcp dport 80`, `ip saddr != 10.0.0.0/8`. */
export function matchText(match: Json | undefined): string {
  const { op, left, right } = objectOf(match)
  const sign = op === '==' || op === 'in' || op === undefined ? '' : `${textOf(op)} `
  return `${expressionText(left)} ${sign}${expressionText(right)}`
}

/** A left or right side. */
export function expressionText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'object') return value === false ? 'missing' : String(value)
  if (Array.isArray(value)) return cut((value as Json[]).map(expressionText), ',')
  const [kind = '', content] = Object.entries(objectOf(value))[0] ?? []
  const facts = objectOf(content)
  switch (kind) {
    case 'payload':
      return facts['protocol'] === undefined
        ? JSON.stringify(value)
        : `${wordOf(facts['protocol'])} ${wordOf(facts['field'])}`
    case 'meta':
      return META_WITHOUT_WORD.has(wordOf(facts['key'])) ? wordOf(facts['key']) : `meta ${wordOf(facts['key'])}`
    case 'ct':
      return ['ct', wordOf(facts['dir']), wordOf(facts['key'])].filter(word => word !== '').join(' ')
    case 'fib':
      return `fib ${listOf(facts['flags']).map(wordOf).join(' . ')} ${wordOf(facts['result'])}`
    case 'prefix':
      return `${wordOf(facts['addr'])}/${wordOf(facts['len'])}`
    case 'range':
      return listOf(content).map(expressionText).join('-')
    case 'concat':
      return listOf(content).map(expressionText).join(' . ')
    case 'set':
      return Array.isArray(content) ? `{ ${cut((content as Json[]).map(elementText), ', ')} }` : expressionText(content)
    case 'map':
      return `${expressionText(facts['key'])} map ${mapText(facts['data'])}`
    case '&':
      return listOf(content).map(maskText).join(' & ')
    case '|':
      return maskText(content ?? null)
    default:
      return JSON.stringify(value)
  }
}

/** Flags under a mask: `(fin | syn)`. */
const maskText = (part: Json) =>
  Array.isArray(part) ? `(${(part as Json[]).map(expressionText).join(' | ')})` : expressionText(part)

const META_WITHOUT_WORD: ReadonlySet<string> = new Set(['iif', 'iifname', 'oif', 'oifname'])

const elementText = (element: Json) => expressionText(elementValue(element))

/** `@name` or `{ 22 : accept, 25 : drop }`. */
function mapText(data: Json | undefined): string {
  if (typeof data === 'string') return data
  const pairs = listOf(objectOf(data)['set']).map(pair => {
    const [key = null, value = null] = listOf(pair)
    const verdict = statementText(value)
    return `${elementText(key)} : ${verdict.startsWith('{') || verdict === '' ? expressionText(value) : verdict}`
  })
  return `{ ${cut(pairs, ', ')} }`
}

function cut(words: readonly string[], between: string): string {
  if (words.length <= MOST_VALUES) return words.join(between)
  return [...words.slice(0, MOST_VALUES), `… (${words.length})`].join(between)
}
