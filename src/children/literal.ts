/**
 * A byte string as a bpftrace literal. Every byte that is not plainly harmless is written as `\xNN`, which bpftrace reads
 * as exactly two digits, so no value can end the literal, start an escape or become program text.
 *
 * To be used as a value or in a comparison, never as the format of printf.
 *
 * @example stringLiteral('x" ; system("id")') === '"x\\x22\\x20\\x3b\\x20system\\x28\\x22id\\x22\\x29"'
 */
export function stringLiteral(bytes: string): string {
  const body = bytes.replace(/[^A-Za-z0-9_./-]/g, character => {
    const code = character.charCodeAt(0)
    if (code === 0 || code > 0xff) throw new RangeError(`not a byte that a string of C can hold: ${code}`)
    return `\\x${code.toString(16).padStart(2, '0')}`
  })
  return `"${body}"`
}

/** A whole number as program text. */
export function numberLiteral(value: number | string): string {
  const text = String(value)
  if (!/^-?(0|[1-9]\d{0,18})$/.test(text)) throw new RangeError(`not a whole number: ${text}`)
  return text
}
