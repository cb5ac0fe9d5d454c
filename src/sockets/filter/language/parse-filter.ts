import { closest } from '../../../terminal/did-you-mean.ts'
import { UsageError } from '../../../errors.ts'
import type { Warning } from '../../../warnings.ts'
import { FIELD_ALIASES, NUMBER_FIELDS, TEXT_FIELDS } from './fields.ts'
import { printFilter } from './print-filter.ts'
import { ALL_STATES, excludedStates, STATE_WORDS, statesOf } from './state-words.ts'
import { FIRST_WORDS, readTerm, type TermChoice } from './terms.ts'
import { FilterError, Tokens, type Token } from './tokens.ts'
import type { FilterJoin, FilterNode } from './tree.ts'

/** A line that was understood. */
export interface ParsedFilter {
  /** As it was written. */
  line: string
  tree: FilterNode
  /** Names of hosts, to be looked up, each with the place where it stands. */
  hostNames: HostName[]
  /** What may be meant otherwise. */
  warnings: Warning[]
}

export interface HostName {
  name: string
  /** Only its addresses of one family are meant. */
  only: 'inet' | 'inet6' | undefined
  token: Token
}

/** What the words of a filter mean where ss would ask the machine or its own options. */
export type FilterChoice = Omit<TermChoice, 'note' | 'hostName'>

const NOT = new Set(['!', 'not'])
const JOIN_WORDS: Readonly<Record<string, FilterJoin['kind']>> = {
  '&': 'and',
  '&&': 'and',
  and: 'and',
  '|': 'or',
  '||': 'or',
  or: 'or',
}

/**
 * Reads a filter in ss's language and the words of our own. As in ss `and` and `or` weigh the same and group from the left,
 * nothing between two terms is `and`, `not` takes one term, and `state` and `exclude` in front hold for all that follows.
 *
 * Source: ss(8), iproute2 misc/ssfilter.y.
 *
 * @throws FilterError that points at the token
 */
export function parseFilter(line: string, choice: FilterChoice): ParsedFilter {
  return new Parser(line, choice).parse()
}

/** Brackets deeper than any that a person writes; a script may pass anything. */
const MOST_DEPTH = 200
/** The same of predicates in one list. */
const MOST_TERMS = 1000

class Parser {
  readonly #line: string
  readonly #tokens: Tokens
  readonly #choice: TermChoice
  readonly #warnings: Warning[] = []
  readonly #hostNames: HostName[] = []
  /** Some list holds both `and` and `or`. */
  #mixes = false
  #depth = 0

  constructor(line: string, choice: FilterChoice) {
    this.#line = line
    this.#tokens = new Tokens(line)
    this.#choice = {
      ...choice,
      note: (message, hint) => this.#warnings.push({ code: 'filter-read-so', message, hint }),
      hostName: found => this.#hostNames.push(found),
    }
  }

  parse(): ParsedFilter {
    const tree = this.#whole()
    const rest = this.#tokens.peek()
    if (rest.text !== '') throw this.#error('there is no ( to this )', rest)
    if (this.#mixes) {
      this.#warnings.push({
        code: 'filter-mixes',
        message: `"and" and "or" weigh the same, as in ss; this filter is read as: ${printFilter(tree)}`,
        hint: "brackets group otherwise; in a shell they are quoted: '('",
      })
    }
    return { line: this.#line, tree, hostNames: this.#hostNames, warnings: this.#warnings }
  }

  /** `state` and `exclude` in front, then a list; the list may go on from them with `and` or `or`. */
  #whole(): FilterNode {
    const states = this.#statesInFront()
    if (states === undefined) return this.#list(this.#term())
    const next = this.#tokens.peek()
    if (next.text === '') return states
    if (joinOf(next) !== undefined || next.text === ')') return this.#list(states)
    return { kind: 'and', left: states, right: this.#list(this.#term()) }
  }

  /** The first `state` begins with none, the first `exclude` with all; each later one adds or takes away. */
  #statesInFront(): FilterNode | undefined {
    let states: number | undefined
    for (;;) {
      const token = this.#tokens.peek()
      const word = wordOf(token)
      if (word !== 'state' && word !== 'exclude' && word !== 'excl') break
      this.#tokens.take(token)
      const bits = this.#states(word)
      states = word === 'state' ? (states ?? 0) | bits : (states ?? ALL_STATES) & ~excludedStates(bits)
    }
    return states === undefined ? undefined : { kind: 'state', states }
  }

  #states(word: string): number {
    const value = this.#tokens.value()
    if (value.text === '') throw this.#error(`${word} is not followed by a state`, value, stateHint(''))
    const bits = statesOf(value.text)
    if (bits === undefined) throw this.#error(`${value.text} is no state`, value, stateHint(value.text))
    return bits
  }

  #list(first: FilterNode): FilterNode {
    let left = first
    let joinedBy: FilterJoin['kind'] | undefined
    for (let terms = 1; ; terms += 1) {
      const token = this.#tokens.peek()
      if (token.text === '' || token.text === ')') return left
      if (terms === MOST_TERMS) throw this.#error(`a filter has at most ${MOST_TERMS} predicates in a row`, token)
      const written = joinOf(token)
      if (written !== undefined) this.#tokens.take(token)
      const kind = written ?? 'and'
      if (joinedBy !== undefined && joinedBy !== kind) this.#mixes = true
      joinedBy = kind
      left = { kind, left, right: this.#term(written === undefined ? undefined : token) }
    }
  }

  /** `behind`: the `and`, `or`, `not` or bracket that asks for a term. */
  #term(behind?: Token): FilterNode {
    const token = this.#tokens.peek()
    const word = wordOf(token)
    if (NOT.has(word)) {
      this.#tokens.take(token)
      return this.#deeper(token, () => ({ kind: 'not', operand: this.#term(token) }))
    }
    if (word === '(') {
      this.#tokens.take(token)
      return this.#deeper(token, () => this.#group(token))
    }
    if (word === '' || word === ')' || joinOf(token) !== undefined) throw this.#noTerm(token, behind)
    this.#tokens.take(token)
    if (word === 'state') return { kind: 'state', states: this.#states(word) }
    if (word === 'exclude' || word === 'excl')
      return { kind: 'state', states: ALL_STATES & ~excludedStates(this.#states(word)) }
    const term = readTerm(token, FIELD_ALIASES[word] ?? word, this.#tokens, this.#choice)
    if (term === undefined) throw this.#unknownWord(token)
    return term
  }

  #group(open: Token): FilterNode {
    const inner = this.#list(this.#term(open))
    const close = this.#tokens.peek()
    if (close.text !== ')') throw this.#error('there is no ) to this (', open)
    this.#tokens.take(close)
    return inner
  }

  #deeper(token: Token, read: () => FilterNode): FilterNode {
    this.#depth += 1
    if (this.#depth > MOST_DEPTH) throw this.#error(`a filter is at most ${MOST_DEPTH} brackets deep`, token)
    const node = read()
    this.#depth -= 1
    return node
  }

  #noTerm(token: Token, behind: Token | undefined): FilterError {
    const what = behind === undefined ? 'the filter begins with' : `${behind.text} is followed by`
    const found = token.text === '' ? 'nothing' : token.text
    return this.#error(`${what} ${found} where a predicate is expected`, token, 'such as dst 10.0.0.0/8 or sport = 443')
  }

  #unknownWord(token: Token): UsageError {
    const known = [...FIRST_WORDS, ...Object.keys(NUMBER_FIELDS), ...Object.keys(TEXT_FIELDS)]
    const state = statesOf(token.text)
    const meant = closest(token.text, known)
    const isAlone = token.length === this.#line.trim().length
    if (isAlone && state === undefined && meant === undefined)
      return new UsageError(`${token.text} is no port`, { hint: 'a port is written :8080 or 8080' })
    const hint =
      state !== undefined
        ? `a state is written: state ${token.text}`
        : meant !== undefined
          ? `did you mean ${meant}?`
          : 'a filter is made of src, dst, sport, dport, state, pid, comm …: see FILTER in --help'
    return this.#error(`${token.text} is no port and no word of a filter`, token, hint)
  }

  #error(message: string, token: Token, hint?: string): FilterError {
    return new FilterError(message, this.#line, token, hint)
  }
}

const wordOf = (token: Token) => token.text.toLowerCase()
const joinOf = (token: Token): FilterJoin['kind'] | undefined => JOIN_WORDS[wordOf(token)]

function stateHint(word: string): string {
  const meant = word === '' ? undefined : closest(word, STATE_WORDS)
  return meant === undefined ? `states are ${STATE_WORDS.join(', ')}` : `did you mean ${meant}?`
}
