import { escapeText } from '../../../terminal/escape.ts'
import { socketLine } from './socket-line.ts'
import type { FailAnswer } from '../fail-conditions.ts'
import type { FailOnJson } from './fail-on-json.ts'

/** Rows that are named; the rest is counted. */
const MOST_NAMED = 5

/** What is said of a condition that is met. */
export function metText({ condition, sockets, groups }: FailAnswer): string {
  const lead = `--fail-on '${escapeText(condition.text)}' is met by`
  if (condition.limit === undefined) return `${lead} ${named(sockets.map(socketLine), 'socket')}`
  if (condition.limit.keys.length === 0) return `${lead} ${sockets.length} sockets`
  return `${lead} ${named(
    groups.map(({ values, sockets: count }) => `${values.map(value => value ?? '-').join(' ')} (${count} sockets)`),
    'group',
  )}`
}

function named(texts: readonly string[], what: string): string {
  const rest = texts.length - MOST_NAMED
  const shown = texts.slice(0, MOST_NAMED).join('; ')
  return `${texts.length} ${what}${texts.length === 1 ? '' : 's'}: ${shown}${rest > 0 ? `; and ${rest} more` : ''}`
}

export function failOnJson({ condition, answer, sockets, unknown, groups }: FailAnswer): FailOnJson {
  return {
    condition: condition.text,
    answer,
    sockets: sockets.length,
    unknownSockets: unknown,
    groups:
      condition.limit &&
      groups.map(group => ({
        values: group.values.map(value => value ?? null),
        sockets: group.sockets,
      })),
  }
}
