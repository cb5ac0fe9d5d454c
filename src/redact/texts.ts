import { redactArgument, redactCmdline, redactLink, redactPath, redactWords, type Redaction } from './words.ts'

/** Stands for a text of which nobody knows what is in it: anything in it may name a site. */
export const UNKNOWN_FORM = '[redacted]'

/** A text as it may be shown; `index` where it is one of a list. */
export type TextRule = (text: string, redaction: Redaction, index: number) => string

/** What becomes of texts by the key they stand under: `key`, or `holder.key` where the key alone does not tell. */
export type TextRules = Readonly<Record<string, TextRule>>

/** Says nothing of a site. */
export const kept: TextRule = text => text

/** Where a program is: its own name stays. */
export const program: TextRule = (text, redaction) => redactLink(text, redaction, true)

/** What a socket is bound or connected to: an address, or the name of a unix socket. */
export const address: TextRule = (text, redaction) =>
  /^[/@]/.test(text) ? redactPath(text, redaction) : redactWords(text, redaction)

/** The arguments of a program: its own name stays. */
export const argument: TextRule = (text, redaction, index) =>
  index === 0 ? redactCmdline(text, redaction) : redactArgument(text, redaction)

/** A value of plain objects and lists with every text in it replaced; one under a key without a rule is not shown. */
export function redactTexts<T>(value: T, rules: TextRules, redaction: Redaction): T {
  return replaced(value, '', '', 0) as T

  function replaced(item: unknown, key: string, holder: string, index: number): unknown {
    if (typeof item === 'string') {
      const rule = ownRule(`${holder}.${key}`) ?? ownRule(key)
      return rule === undefined ? UNKNOWN_FORM : rule(item, redaction, index)
    }
    if (Array.isArray(item)) return item.map((part, i) => replaced(part, key, holder, i))
    // Counts are numbers, in arrays of their own kind.
    if (typeof item !== 'object' || item === null || ArrayBuffer.isView(item)) return item
    return Object.fromEntries(Object.entries(item).map(([name, part]) => [name, replaced(part, name, key, 0)]))
  }

  function ownRule(key: string): TextRule | undefined {
    return Object.hasOwn(rules, key) ? rules[key] : undefined
  }
}
