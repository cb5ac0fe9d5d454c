import fastStringWidth from 'fast-string-width'

/** Columns a text takes on a terminal; colours take none. */
export function textWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : fastStringWidth(text)
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
