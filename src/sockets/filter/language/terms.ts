import { closest } from '../../../terminal/did-you-mean.ts'
import { OWNERLESS_REASONS } from '../../rules/ownerless.ts'
import { fieldFacts, isNumberField, isTextField, type NumberField, type TextField } from './fields.ts'
import { hostOf, portOf, ValueError, type HostChoice } from './hosts.ts'
import { FilterError, type Token, type Tokens } from './tokens.ts'
import type { FilterLeaf, End, Operator, TextOperator } from './tree.ts'
import { integerOf, quantityOf, UNIT_EXAMPLES } from './values.ts'

export interface TermChoice extends HostChoice {
  /** The name of a host stands there. */
  hostName: (found: { name: string; only: 'inet' | 'inet6' | undefined; token: Token }) => void
}

/** The words of ss that begin a predicate. */
export const FIRST_WORDS: readonly string[] = [
  'src',
  'dst',
  'sport',
  'dport',
  'state',
  'exclude',
  'not',
  'dev',
  'fwmark',
  'cgroup',
  'autobound',
]

type AnyOperator = Operator | TextOperator

const OPERATOR_WORDS: Readonly<Record<string, AnyOperator>> = {
  eq: '=',
  ne: '!=',
  neq: '!=',
  gt: '>',
  lt: '<',
  ge: '>=',
  geq: '>=',
  le: '<=',
  leq: '<=',
}

const EQUALITY = ['=', '!='] as const
const ORDER = ['=', '!=', '<', '<=', '>', '>='] as const
const LIKENESS = ['=', '!=', '~', '!~'] as const

/** A port number, `:80` or `80`, and nothing else. */
const PLAIN_PORT = /^:?(\d{1,5})$/

/** The predicate that this word begins; undefined where it begins none. */
export function readTerm(token: Token, word: string, tokens: Tokens, choice: TermChoice): FilterNodeOrLeaf | undefined {
  const reader = new TermReader(token, word, tokens, choice)
  switch (word) {
    case 'src':
    case 'dst':
      return reader.host(word)
    case 'sport':
    case 'dport':
      return reader.port(word === 'sport' ? 'src' : 'dst')
    case 'dev':
      return { kind: 'device', operator: reader.operator(EQUALITY), device: reader.word('the name of an interface') }
    case 'fwmark':
      return { kind: 'mark', operator: reader.operator(EQUALITY), ...reader.mark() }
    case 'cgroup':
      return { kind: 'cgroup', operator: reader.operator(EQUALITY), path: reader.word('the path of a cgroup') }
    case 'autobound':
      return { kind: 'autobound' }
    default:
      if (isNumberField(word)) return reader.number(word)
      if (isTextField(word)) return reader.text(word)
      return PLAIN_PORT.test(word) ? reader.ports() : undefined
  }
}

/** `src != X` is `not src = X`. */
type FilterNodeOrLeaf = FilterLeaf | { kind: 'not'; operand: FilterLeaf }

class TermReader {
  readonly #token: Token
  readonly #word: string
  readonly #tokens: Tokens
  readonly #choice: TermChoice

  constructor(token: Token, word: string, tokens: Tokens, choice: TermChoice) {
    this.#token = token
    this.#word = word
    this.#tokens = tokens
    this.#choice = choice
  }

  operator<T extends AnyOperator>(known: readonly T[]): T {
    const token = this.#tokens.operator(OPERATOR_WORDS)
    if (token === undefined) return '=' as T
    const sign = token.text === '==' ? '=' : token.text
    if (!known.includes(sign as T))
      throw this.#error(`${this.#word} cannot be compared by ${sign}`, token, `it takes ${known.join(' ')}`)
    return sign as T
  }

  host(end: End): FilterNodeOrLeaf {
    const operator = this.operator(EQUALITY)
    const value = this.#value('an address')
    const host = this.#read(value, () => hostOf(value.text, this.#choice))
    if (host.family === 'inet' && typeof host.address === 'object' && 'name' in host.address)
      this.#choice.hostName({ name: host.address.name, only: host.only, token: value })
    const leaf: FilterLeaf = { kind: 'host', end, host }
    return operator === '=' ? leaf : { kind: 'not', operand: leaf }
  }

  port(end: End): FilterLeaf {
    const operator = this.operator(ORDER)
    const value = this.#value('a port')
    return { kind: 'port', end, operator, port: this.#read(value, () => portOf(value.text, this.#choice)) }
  }

  /** `:80 :443`: as many as stand there. */
  ports(): FilterLeaf {
    const ports: number[] = []
    for (let token = this.#token; ; this.#tokens.take(token)) {
      const digits = PLAIN_PORT.exec(token.text)?.[1]
      if (digits === undefined) return { kind: 'ports', ports }
      if (Number(digits) > 65535) throw this.#error(`${token.text} is no port`, token, 'the highest port is 65535')
      ports.push(Number(digits))
      token = this.#tokens.peek()
      if (!PLAIN_PORT.test(token.text)) return { kind: 'ports', ports }
    }
  }

  mark(): { value: number; mask: number } {
    const value = this.#value('a mark')
    const [mark, mask] = value.text.split('/', 2).map(integerOf)
    const isPair = value.text.includes('/')
    if (mark === undefined || (isPair && mask === undefined) || mark > 0xff_ff_ff_ff || (mask ?? 0) > 0xff_ff_ff_ff)
      throw this.#error(`${value.text} is no mark`, value, 'a mark is written 0x10 or 0x10/0xf0')
    return { value: mark, mask: mask ?? 0xff_ff_ff_ff }
  }

  number(field: NumberField): FilterLeaf {
    const operator = this.operator(ORDER)
    const { unit = 'count' } = fieldFacts(field)
    const value = this.#value(UNIT_EXAMPLES[unit])
    const number = quantityOf(value.text, unit)
    if (number === undefined)
      throw this.#error(`${value.text} is not what ${field} takes`, value, `it takes ${UNIT_EXAMPLES[unit]}`)
    if (field === 'inode') return { kind: 'inode', operator, inode: BigInt(value.text).toString() }
    return { kind: 'number', field, operator, value: number }
  }

  text(field: TextField): FilterLeaf {
    const operator = this.operator(LIKENESS)
    const value = this.#value('a text')
    if (field === 'reason' && (operator === '=' || operator === '!=')) this.#refuseUnknownReason(value)
    return { kind: 'text', field, operator, value: value.text }
  }

  word(expected: string): string {
    return this.#value(expected).text
  }

  #refuseUnknownReason(value: Token): void {
    const known = Object.keys(OWNERLESS_REASONS)
    if (known.includes(value.text)) return
    const meant = closest(value.text, known)
    throw this.#error(
      `${value.text} is no reason why a socket has no owner`,
      value,
      meant === undefined ? `reasons are ${known.join(', ')}` : `did you mean ${meant}?`,
    )
  }

  #value(expected: string): Token {
    const value = this.#tokens.value()
    if (value.length > 0) return value
    const next = this.#tokens.peek()
    throw this.#error(`${this.#word} is followed by ${next.text || 'nothing'}`, next, `expected: ${expected}`)
  }

  #read<T>(value: Token, read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof ValueError) throw this.#error(error.message, value, error.hint)
      throw error
    }
  }

  #error(message: string, token: Token, hint?: string): FilterError {
    return new FilterError(message, this.#tokens.line, token, hint)
  }
}
