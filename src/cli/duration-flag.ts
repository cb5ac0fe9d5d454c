import * as Flags from '@oclif/core/flags'
import { UsageError } from '../errors.ts'

const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
/** A timer of Node takes no more than 24.8 days. */
const MOST_MS = 24 * 24 * 3_600_000

/** A flag for a time with a unit (`500us`, `1.5s`; a bare number is seconds); its value is milliseconds. */
export function durationMsFlag(
  name: string,
  { leastMs, ...about }: { description: string; helpGroup?: string; leastMs: number },
) {
  return Flags.custom<number>({
    ...about,
    helpValue: 'TIME',
    parse: text => Promise.resolve(parseMs(text, `--${name}`, leastMs)),
  })()
}

function parseMs(text: string, flag: string, leastMs: number): number {
  const match = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)?$/.exec(text)
  if (match === null) {
    throw new UsageError(`${flag} ${text} is no time`, { hint: 'give a number with a unit: 500us, 10ms, 2s, 5m' })
  }
  const value = Number(match[1]) * UNIT_MS[match[2] ?? 's']!
  if (value < leastMs || value > MOST_MS) {
    throw new UsageError(
      `${flag} ${text} is not between ${leastMs % 1000 === 0 ? `${leastMs / 1000} s` : `${leastMs} ms`} and 24 days`,
    )
  }
  return value
}
