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
