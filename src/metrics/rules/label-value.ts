import { escapeBytes, escapeText } from '../../terminal/escape.ts'

/** Longer values are cut: whoever names a process must not make an answer large. */
const MOST_CHARACTERS = 128

/** A byte string of the kernel as the value of a label: valid UTF-8, nothing that moves a cursor, of bounded length. */
export const labelOfBytes = (bytes: string) => cut(escapeBytes(bytes))

/** The same of a text that is no byte string. */
export const labelOfText = (text: string) => cut(escapeText(text))

function cut(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text
  // Not between the halves of a character, which alone are no UTF-8.
  const end = /[\ud800-\udbff]/.test(text[MOST_CHARACTERS - 2]!) ? MOST_CHARACTERS - 2 : MOST_CHARACTERS - 1
  return `${text.slice(0, end)}…`
}
