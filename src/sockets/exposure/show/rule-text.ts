import { escapeBytes } from '../../../terminal/escape.ts'
import type { QuotedRule } from '../exposure-report.ts'

/** `inet fw input handle 5: tcp dport 80 accept`, safe on a terminal. */
export function ruleText({ where, text, under }: QuotedRule): string {
  return escapeBytes(`${where}: ${text}${under === undefined ? '' : ` (behind: ${under})`}`)
}

/** The rule alone, for a cell. */
export const shortRule = ({ text, where }: QuotedRule): string =>
  escapeBytes(text.startsWith('policy ') ? `${text} of ${where}` : text)
