import type { Check } from '../doctor/check-machine.ts'
import type { Severity } from '../../statement.ts'
import { escapeText } from '../../terminal/escape.ts'
import type { Theme } from '../../terminal/theme.ts'
import { wrap } from '../../terminal/wrap.ts'

/** Severity → the word for it and its colour. */
const STATES = {
  ok: ['ok', 'good'],
  info: ['info', 'quiet'],
  warning: ['caution', 'caution'],
  critical: ['fail', 'bad'],
  unknown: ['unknown', 'quiet'],
} as const satisfies Record<Severity, readonly [string, keyof Theme]>
const STATE_COLUMN = 8
const CODE_COLUMN = 20

/** Findings narrower than this stand below their code. */
const LEAST_FINDING = 30

/** One line a check, what mends it on the next; in a terminal that is too narrow both go on below themselves. */
export function* doctorLines(checks: readonly Check[], theme: Theme, width: number): Generator<string> {
  const isNarrow = width - STATE_COLUMN - CODE_COLUMN < LEAST_FINDING
  const indent = isNarrow ? 2 : STATE_COLUMN + CODE_COLUMN
  const text = (words: string) => wrap(escapeText(words), width - indent, 0).split('\n')
  for (const { code, severity, finding, do: remedies } of checks) {
    const [word, color] = STATES[severity]
    const begin = `${theme[color](word.padEnd(STATE_COLUMN))}${isNarrow ? code : code.padEnd(CODE_COLUMN)}`
    const below = `\n${' '.repeat(indent)}`
    yield `${begin}${isNarrow ? below : ''}${text(finding).join(below)}\n`
    for (const remedy of remedies) {
      const lines = text(`→ ${remedy}`)
        .map((line, i) => (i === 0 ? line.slice(2) : line))
        .map(line => theme.strong(line))
      yield `${' '.repeat(indent)}→ ${lines.join(below)}\n`
    }
  }
}
