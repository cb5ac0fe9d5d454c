/**
 * Text that is safe on a terminal and loses nothing: control characters, line separators, what turns text around or is not
 * seen, and bytes that are no UTF-8 become `\n`, `\x1b`, `\u202e`, … and a backslash becomes `\\`, so that it can be undone.
 */
export function escapeText(text: string): string {
  return UNSAFE.test(text) ? text.replace(UNSAFE_ALL, escapeCharacter) : text
}

/** As {@link escapeText} for text of which parts may be escaped already: a backslash stays as it is. */
export const escapeUnseen = (text: string): string =>
  UNSAFE.test(text) ? text.replace(UNSEEN_ALL, escapeCharacter) : text

/**
 * A byte string (one character a byte) as {@link escapeText}: valid UTF-8 is decoded, every other byte becomes `\xNN`.
 */
export function escapeBytes(bytes: string): string {
  if (!NON_ASCII.test(bytes)) return escapeText(bytes)
  const raw = Buffer.from(bytes, 'latin1')
  const text = raw.toString('utf8')
  if (!text.includes('\ufffd')) return escapeText(text)
  let out = ''
  for (let at = 0; at < raw.length;) {
    const length = utf8Length(raw, at)
    if (length === 0) {
      out += `\\x${raw[at]!.toString(16).padStart(2, '0')}`
      at += 1
    } else {
      out += escapeText(raw.toString('utf8', at, at + length))
      at += length
    }
  }
  return out
}

/**
 * Safe text (of {@link escapeText} or {@link escapeBytes}) as one word of a cell, list or line: in quotes where it holds a
 * blank, a comma or a quote or is empty, so that one name never looks like two names or like another column. Quotes inside
 * become `\\x27`: it can be undone.
 */
export function quoted(text: string): string {
  return MAY_MISLEAD.test(text) ? `'${text.replaceAll("'", '\\x27')}'` : text
}

/** Whatever looks like a blank counts as one. */
const MAY_MISLEAD = /^$|[\s,'"\u115f\u1160\u2800\u3164\uffa0]/

const UNSEEN =
  '\\x00-\\x1f\\x7f-\\x9f\\xad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ud800-\\udfff'
const UNSAFE = new RegExp(`[${UNSEEN}\\\\]`)
// With the u flag a surrogate only matches when it stands alone; tags (U+E0000 and on) are letters that nobody sees.
const UNSEEN_ALL = new RegExp(`[${UNSEEN}\\u{e0000}-\\u{e007f}]`, 'gu')
const UNSAFE_ALL = new RegExp(`[${UNSEEN}\\u{e0000}-\\u{e007f}\\\\]`, 'gu')
const NON_ASCII = /[\x80-\xff]/

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\\': '\\\\' }

function escapeCharacter(character: string): string {
  const named = NAMED[character]
  if (named !== undefined) return named
  if (character.length === 2) return character.split('').map(escapeCharacter).join('')
  const code = character.charCodeAt(0)
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** Length of the well-formed UTF-8 sequence at `at`, 0 where there is none. Source: Unicode 15, table 3-7. */
function utf8Length(raw: Buffer, at: number): number {
  const first = raw[at]!
  if (first < 0x80) return 1
  const second = raw[at + 1] ?? 0
  const tail = (from: number, count: number) =>
    raw.subarray(at + from, at + from + count).every(byte => byte >> 6 === 2) && at + from + count <= raw.length
  if (first >= 0xc2 && first <= 0xdf) return tail(1, 1) ? 2 : 0
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80
    const high = first === 0xed ? 0x9f : 0xbf
    return second >= low && second <= high && tail(2, 1) ? 3 : 0
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80
    const high = first === 0xf4 ? 0x8f : 0xbf
    return second >= low && second <= high && tail(2, 2) ? 4 : 0
  }
  return 0
}
