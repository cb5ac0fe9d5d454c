import { escapeText } from '../../terminal/escape.ts'
import type { Theme } from '../../terminal/theme.ts'

/** A check as it is shown; see analyse/bpf-doctor. */
export interface ShownCheck {
  id: string
  state: 'ok' | 'caution' | 'fail' | 'unknown'
  finding: string
  remedy?: string | undefined
}

const COLORS = { ok: 'good', caution: 'caution', fail: 'bad', unknown: 'quiet' } as const
const STATE_COLUMN = 8
const ID_COLUMN = 20

/** One line a check, its remedy on the next. */
export function* doctorLines(checks: readonly ShownCheck[], theme: Theme): Generator<string> {
  for (const check of checks) {
    yield `${theme[COLORS[check.state]](check.state.padEnd(STATE_COLUMN))}${check.id.padEnd(ID_COLUMN)}${escapeText(check.finding)}\n`
    if (check.remedy !== undefined)
      yield `${' '.repeat(STATE_COLUMN + ID_COLUMN)}→ ${theme.strong(escapeText(check.remedy))}\n`
  }
}
