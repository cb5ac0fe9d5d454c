import { UsageError } from '../../errors.ts'
import { isFilter } from '../filter/filter-request.ts'
import type { NetstatFlags } from './flags.ts'

/** What stands behind the flags. */
export interface Operands {
  ports: number[]
  intervalMs: number
  /** The seconds behind -c could as well be a port that was meant. */
  looksLikePort: boolean
  /** The words of a filter; without ports then: they are part of it. */
  filter: readonly string[]
}

/** The longest delay a timer of Node can wait, in seconds. */
const MAX_SECONDS = 2_147_483

/** A delay of so many whole seconds is rarer than a port of that number. */
const FIRST_LIKELY_PORT = 20
const LAST_PORT = 65_535

/** Options of netstat without their dash, as ps(1) takes them: `ntlp`; no letter twice. */
const LETTERS = /^(?!.*(.).*\1)[alnptux]{2,}$/

/**
 * The operands: `:8080` or `8080` is a port; behind -c the first plain number is the seconds between listings. Where some
 * word is neither, all together are a filter.
 */
export function operandsOf(words: readonly string[], flags: NetstatFlags): Operands {
  const repeats = flags.continuous || flags.watch
  const [first = ''] = words
  if (words.length === 1 && LETTERS.test(first) && !flags.compat)
    throw new UsageError(`${first} is no port`, { hint: `options are written with a dash: -${first}` })
  if (isFilter(words) && !flags.compat) {
    const leads = repeats && /^\d/.test(words[0]!)
    return { ...operandsOf(leads ? words.slice(0, 1) : [], flags), filter: leads ? words.slice(1) : words }
  }
  const ports: number[] = []
  let seconds: number | undefined
  for (const word of words) {
    const port = /^:?(\d{1,5})$/.exec(word)?.[1]
    if (repeats && seconds === undefined && !word.startsWith(':')) seconds = secondsOf(word, flags.compat)
    else if (repeats && port === word && !flags.compat)
      throw new UsageError(`${word} is a second number behind ${flags.watch ? '--watch' : '-c'}`, {
        hint: `a port is written :${word}`,
      })
    else if (port !== undefined && Number(port) <= LAST_PORT && !flags.compat) ports.push(Number(port))
    // netstat ignores every operand it does not know.
    else if (!flags.compat)
      throw new UsageError(`${word} is no port`, {
        hint: /^:?\d+$/.test(word) ? 'the highest port is 65535' : 'a port is written :8080 or 8080',
      })
  }
  const looksLikePort = Number.isInteger(seconds) && seconds! >= FIRST_LIKELY_PORT && seconds! <= LAST_PORT
  return { ports, intervalMs: (seconds ?? 1) * 1000, looksLikePort, filter: [] }
}

/** netstat takes what atoi(3) takes, and waits a second where that is nothing. */
function secondsOf(word: string, compat: boolean): number {
  if (/^\d+(\.\d+)?$/.test(word) && Number(word) > 0 && Number(word) <= MAX_SECONDS) return Number(word)
  if (compat && !/^\d+/.test(word)) return 1
  throw new UsageError(`${word} is no number of seconds that -c can wait`, {
    hint: `give more than 0 and at most ${MAX_SECONDS}; a port is written :8080`,
  })
}
