import type { Check } from '../doctor/check-machine.ts'
import type { Severity } from '../../statement.ts'
import { escapeText } from '../../terminal/escape.ts'
import type { Theme } from '../../terminal/theme.ts'

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

/** One line a check, what mends it on the next. */
export function* doctorLines(checks: readonly Check[], theme: Theme): Generator<string> {
  for (const { code, severity, finding, do: remedies } of checks) {
    const [word, color] = STATES[severity]
    yield `${theme[color](word.padEnd(STATE_COLUMN))}${code.padEnd(CODE_COLUMN)}${escapeText(finding)}\n`
    for (const remedy of remedies)
      yield `${' '.repeat(STATE_COLUMN + CODE_COLUMN)}→ ${theme.strong(escapeText(remedy))}\n`
  }
}
