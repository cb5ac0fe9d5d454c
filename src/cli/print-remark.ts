import type { Excerpt } from '../errors.ts'
import { escapeText } from '../terminal/escape.ts'
import { textWidth } from '../terminal/text-width.ts'
import { wrap } from '../terminal/wrap.ts'
import { terminalOf } from './terminal.ts'

const INDENT = 2

/**
 * Prints one sentence on stderr and, below it, the place that is meant and what to do next; at words to the width of a
 * terminal.
 */
export function printRemark(bin: string, message: string, hint?: string, excerpt?: Excerpt): void {
  process.stderr.write(remarkText(bin, message, hint, terminalOf(process.stderr, 'auto', process.env).width, excerpt))
}

export function remarkText(
  bin: string,
  message: string,
  hint: string | undefined,
  width: number,
  excerpt?: Excerpt,
): string {
  const place = excerpt === undefined ? '' : excerptText(excerpt, width)
  const first = `${wrap(`${bin}: ${escapeText(message)}`, width, INDENT)}\n${place}`
  if (hint === undefined) return first
  const blanks = ' '.repeat(INDENT)
  return `${first}${blanks}${wrap(escapeText(hint), width - INDENT, 0).replaceAll('\n', `\n${blanks}`)}\n`
}

/** No place needs more of a line around it. */
const MOST_SHOWN = 160
/** What stands where a line is cut. */
const CUT = '…'

/** The line with a mark below the place; of a long line what is around it. */
function excerptText({ line, at, length }: Excerpt, width: number): string {
  const room = Math.max(20, Math.min(width - INDENT, MOST_SHOWN) - 2)
  const from = at + length <= room ? 0 : Math.max(0, Math.min(at - (room >> 1), line.length - room))
  const show = (text: string) => escapeText(text)
  const lead = (from > 0 ? CUT : '') + show(line.slice(from, at))
  const place = show(line.slice(at, Math.min(at + length, from + room)))
  const rest = show(line.slice(at + length, Math.max(at + length, from + room)))
  const blanks = ' '.repeat(INDENT)
  const cut = from + room < line.length ? CUT : ''
  const mark = '^'.repeat(Math.max(1, textWidth(place)))
  return `${blanks}${lead}${place}${rest}${cut}\n${blanks}${' '.repeat(textWidth(lead))}${mark}\n`
}

/** What takes longer says how far it is. */
const PATIENCE_MS = 1000
const REFRESH_MS = 250

/** How far it is (`12 of 200 processes`), rewritten in place on a terminal once it takes longer; gone at its end. */
export function stderrProgress(what: string): ((done: number, total: number) => void) | undefined {
  if (!process.stderr.isTTY) return undefined
  const startedAt = Date.now()
  let shownAt = 0
  return (done, total) => {
    const now = Date.now()
    if (done === total && shownAt > 0) process.stderr.write('\r\x1b[K')
    if (done === total || now - startedAt < PATIENCE_MS || now - shownAt < REFRESH_MS) return
    shownAt = now
    process.stderr.write(`\r${done} of ${total} ${what}\x1b[K`)
  }
}
