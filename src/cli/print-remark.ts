import { escapeText } from '../terminal/escape.ts'
import { wrap } from '../terminal/wrap.ts'
import { terminalOf } from './terminal.ts'

const INDENT = 2

/** Prints one sentence on stderr and, below it, what to do next; at words to the width of a terminal. */
export function printRemark(bin: string, message: string, hint?: string): void {
  process.stderr.write(remarkText(bin, message, hint, terminalOf(process.stderr, 'auto', process.env).width))
}

export function remarkText(bin: string, message: string, hint: string | undefined, width: number): string {
  const first = `${wrap(`${bin}: ${escapeText(message)}`, width, INDENT)}\n`
  if (hint === undefined) return first
  const blanks = ' '.repeat(INDENT)
  return `${first}${blanks}${wrap(escapeText(hint), width - INDENT, 0).replaceAll('\n', `\n${blanks}`)}\n`
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
