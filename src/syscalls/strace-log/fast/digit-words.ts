/** Whether the four bytes of a word are decimal digits. */
export function areDigits(word: number): boolean {
  const digits = word - FOUR_ZEROS
  return ((digits | (digits + ABOVE_NINE)) & HIGH_BITS) === 0
}

/** The number that four digits are, read as one little-endian word; -1 where one of the bytes is none. */
export function fourDigits(word: number): number {
  const digits = word - FOUR_ZEROS
  if (((digits | (digits + ABOVE_NINE)) & HIGH_BITS) !== 0) return -1
  const pairs = Math.imul(digits, 10) + (digits >>> 8)
  return (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff)
}

/** As {@link fourDigits}, of two. */
export function twoDigits(word: number): number {
  const first = (word & 0xff) - 0x30
  const second = (word >>> 8) - 0x30
  return first >= 0 && first <= 9 && second >= 0 && second <= 9 ? first * 10 + second : -1
}

const FOUR_ZEROS = 0x30303030
/** Added to a byte above nine, it sets its high bit. */
const ABOVE_NINE = 0x76767676
const HIGH_BITS = 0x80808080
