import { UsageError } from '../../../errors.ts'

/** A piece of the line, with the place where it stands. */
export interface Token {
  text: string
  /** Characters before it. */
  at: number
  /** As it is written, with its backslashes. */
  length: number
}

const BLANK = /\s/
/** Where a word ends: what has a meaning of its own there. */
const PUNCTUATION = /[\s()=<>!~&|\\]/
/** The longest first. */
const JOINS = ['&&', '||', '&', '|', '(', ')', '!']
const OPERATORS = ['==', '!=', '!~', '<=', '>=', '=', '<', '>', '~']

/**
 * Takes a line apart from left to right. What a character means depends on what stands before it (an `=` may be part of
 * a path), so the parser says what it wants: a word or sign, an operator, or a value. As in ss a backslash takes away
 * what a character means inside a value, and nothing elsewhere.
 */
export class Tokens {
  readonly line: string
  #at = 0

  constructor(line: string) {
    this.line = line
  }

  /** `(`, `)`, `!`, `&`, `|` or a word, without taking it; an empty text at the end. */
  peek(): Token {
    return this.#wordOrSign()
  }

  take(token: Token): void {
    this.#at = token.at + token.length
  }

  /** An operator, as a sign or as one of these words; undefined where none stands there. */
  operator(words: Readonly<Record<string, string>>): Token | undefined {
    const start = this.#start()
    const [from, escaped] = this.line[start] === '\\' ? [start + 1, 1] : [start, 0]
    const sign = OPERATORS.find(text => this.line.startsWith(text, from))
    if (sign !== undefined) return this.#taken({ text: sign, at: start, length: sign.length + escaped })
    const word = this.#wordOrSign()
    const meant = words[word.text.toLowerCase()]
    return meant === undefined ? undefined : this.#taken({ ...word, text: meant })
  }

  /** Everything up to a blank, to `&` or `|`, or to a bracket that was opened before it; empty where none stands there. */
  value(): Token {
    const start = this.#start()
    let text = ''
    let open = 0
    let at = start
    for (; at < this.line.length; at += 1) {
      const character = this.line[at]!
      if (character === '\\' && at + 1 < this.line.length) {
        at += 1
        text += this.line[at]!
        continue
      }
      if (BLANK.test(character) || character === '&' || character === '|') break
      if (character === '(') open += 1
      if (character === ')') {
        if (open === 0) break
        open -= 1
      }
      text += character
    }
    return this.#taken({ text, at: start, length: at - start })
  }

  #start(): number {
    let at = this.#at
    while (at < this.line.length && BLANK.test(this.line[at]!)) at += 1
    return at
  }

  #wordOrSign(): Token {
    const start = this.#start()
    const [from, escaped] = this.line[start] === '\\' ? [start + 1, 1] : [start, 0]
    const sign = JOINS.find(text => this.line.startsWith(text, from))
    if (sign !== undefined) return { text: sign, at: start, length: sign.length + escaped }
    let at = start
    while (at < this.line.length && !PUNCTUATION.test(this.line[at]!)) at += 1
    // A stray sign is a token of its own, so that an error can point at it.
    if (at === start && at < this.line.length) at += 1
    return { text: this.line.slice(start, at), at: start, length: at - start }
  }

  #taken(token: Token): Token {
    this.take(token)
    return token
  }
}

/** A filter that cannot be read; points at the token. */
export class FilterError extends UsageError {
  constructor(message: string, line: string, token: Token, hint?: string) {
    super(message, { hint, excerpt: { line, at: token.at, length: Math.max(1, token.length) } })
  }
}
