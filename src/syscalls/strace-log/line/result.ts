import { viewOf } from '../fast/byte-interner.ts'
import { scanDuration } from './duration.ts'
import { EVENT, RESULT, type ScannedResult } from './event.ts'

/**
 * Reads the end of a call: result, errno and duration. Returns the event the line is: `whole` where there is a result.
 *
 * Nearly every line is read backwards from its end, which is safe: what ends in a bare number, in `?`, in `ENAME (text)`
 * behind `= -1 ` or in a descriptor's `3</path>` (strace writes a `<` in the path as `\\74`) cannot end in anything else.
 * All other endings (`= 1 ([{fd=3}])`) need the first `) = ` outside of strings and decorations, found forwards.
 */
export function scanResult(line: ScannedResult, whole: number): number {
  const { bytes, argsFrom } = line
  let end = line.to
  if (bytes[end - 1] === GREATER) {
    const half = end - UNFINISHED.byteLength
    if (bytes[end - 2] === DOT && bytes[half - 1] === BLANK && isUnfinished(line.view, half)) {
      line.argsTo = half - 1
      return whole === EVENT.call ? EVENT.unfinished : EVENT.hiddenResult
    }
    const words = bytes[end - 2] === DOT ? bytes.lastIndexOf(LESS, end) : -1
    if (words > argsFrom && bytes[words - 1] === BLANK) {
      line.argsTo = words - 1
      if (isText(bytes, words, '<detached ...>')) return EVENT.unfinished
      if (isText(bytes, words, '<pid changed to ')) return EVENT.pidChanged
    }
    end = scanDuration(line, end)
  }
  line.result = RESULT.value
  line.value = 0
  const last = bytes[end - 1]!
  if (isHex(last) && scanNumberBackwards(line, end)) return whole
  if (last === QUESTION && closesAt(line, end - 3)) {
    line.result = RESULT.never
    return whole
  }
  if (last === CLOSE && scanErrorBackwards(line, end)) return whole
  if (last === GREATER && scanDescriptorBackwards(line, end)) return whole
  return scanForwards(line, end) ? whole : EVENT.broken
}

/** `… ) = 16`; the number ends at `end`. */
function scanNumberBackwards(line: ScannedResult, end: number): boolean {
  const { bytes, argsFrom } = line
  let at = end - 1
  // Mostly a decimal number, perhaps a digit.
  let value = 0
  for (let power = 1; at > argsFrom && isDigit(bytes[at]!); at -= 1, power *= 10) value += (bytes[at]! - ZERO) * power
  if (bytes[at] === BLANK && end - at < 10 && (bytes[at + 1] !== ZERO || at + 2 === end)) {
    if (!closesAt(line, at - 1)) return false
    line.value = value
    return true
  }
  while (at > argsFrom && (isHex(bytes[at]!) || bytes[at] === LOWER_X)) at -= 1
  const first = at + 1
  if (bytes[at] === MINUS) at -= 1
  if (!closesAt(line, at - 1)) return false
  line.value = numberAt(bytes, first, end)
  if (bytes[first - 1] === MINUS) line.value = -line.value
  return true
}

/** `… ) = -1 ENOENT (No such file or directory)` or `? ERESTARTSYS (…)`; the text ends at `end`. */
function scanErrorBackwards(line: ScannedResult, end: number): boolean {
  const { bytes, argsFrom } = line
  let at = end - 2
  while (at > argsFrom && bytes[at] !== OPEN) at -= 1
  if (bytes[at - 1] !== BLANK) return false
  const to = at - 1
  at = to - 1
  while (at > argsFrom && bytes[at] !== BLANK) at -= 1
  if (bytes[at + 1] !== UPPER_E) return false
  const minusOne = bytes[at - 1] === ONE && bytes[at - 2] === MINUS
  if (!minusOne && bytes[at - 1] !== QUESTION) return false
  if (!closesAt(line, at - (minusOne ? 4 : 3))) return false
  setErrno(line, at + 1, to)
  return true
}

/** `… ) = 3</etc/passwd>`; the decoration ends at `end`. */
function scanDescriptorBackwards(line: ScannedResult, end: number): boolean {
  const { bytes, argsFrom } = line
  let at = end - 2
  while (at > argsFrom && bytes[at] !== LESS) at -= 1
  const last = bytes[at - 1]!
  if (last < ZERO || last > NINE || !scanNumberBackwards(line, at)) return false
  line.descriptorFrom = at + 1
  line.descriptorTo = end - 1
  return true
}

function setErrno(line: ScannedResult, from: number, to: number): void {
  const { bytes } = line
  line.errnoFrom = from
  line.errnoTo = to
  line.value = -1
  line.result = RESULT.error
  // ERESTARTSYS, ERESTARTNOINTR, ERESTARTNOHAND, ERESTART_RESTARTBLOCK
  if (to - from >= 11 && bytes[from + 1] === UPPER_R && bytes[from + 2] === UPPER_E && bytes[from + 7] === UPPER_T)
    line.result = RESULT.restart
}

/** Whether `at` is the `=` of a `) = `, however many blanks pad it; says then where the arguments end. */
function closesAt(line: ScannedResult, equals: number): boolean {
  const { bytes } = line
  if (bytes[equals] !== EQUALS || bytes[equals + 1] !== BLANK) return false
  let at = equals - 1
  while (bytes[at] === BLANK) at -= 1
  if (at < line.argsFrom || bytes[at] !== CLOSE) return false
  line.argsTo = at
  return true
}

/** The first `) = ` that is neither in a string nor in a `<…>` behind a descriptor. */
function scanForwards(line: ScannedResult, end: number): boolean {
  const { bytes } = line
  for (let at = line.argsFrom; at < end; at += 1) {
    const byte = bytes[at]!
    if (byte === QUOTE) at = skipString(bytes, at, end)
    else if (byte === LESS) at = skipDecoration(bytes, at, end)
    else if (byte === CLOSE) {
      let equals = at + 1
      while (bytes[equals] === BLANK) equals += 1
      if (bytes[equals] !== EQUALS || bytes[equals + 1] !== BLANK || equals + 2 >= end) continue
      line.argsTo = at
      return scanResultAt(line, equals + 2, end)
    }
  }
  return false
}

function scanResultAt(line: ScannedResult, from: number, end: number): boolean {
  const { bytes } = line
  let to = from
  while (to < end && bytes[to] !== BLANK && bytes[to] !== LESS) to += 1
  const unknown = bytes[from] === QUESTION
  if (unknown || (bytes[from] === MINUS && bytes[from + 1] === ONE && to === from + 2)) {
    let name = to + 1
    if (bytes[name] === UPPER_E) {
      to = name
      while (to < end && bytes[to] !== BLANK) to += 1
      setErrno(line, name, to)
    } else if (unknown) line.result = RESULT.never
    else {
      // strace 4.8 writes `-1 (errno 38)` where it has no name.
      line.value = -1
      name = bytes.indexOf('(errno ', to)
      if (name === to + 1) setErrno(line, name + 1, end - 1)
    }
    return true
  }
  const first = bytes[from] === MINUS ? from + 1 : from
  if (!isHex(bytes[first]!)) return false
  line.value = numberAt(bytes, first, to)
  return true
}

/** Position of the closing quote, at most `end`. */
export function skipString(bytes: Buffer, quote: number, end: number): number {
  let at = bytes.indexOf(QUOTE, quote + 1)
  // Mostly nothing is escaped before it; else the backslashes have to be gone through.
  if (at !== -1 && at < end && bytes[at - 1] !== BACKSLASH) return at
  at = quote + 1
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return Math.min(at, end)
}

/** Position of the `>` that ends what stands behind a descriptor; the one of `->` does not. */
export function skipDecoration(bytes: Buffer, less: number, end: number): number {
  let at = bytes.indexOf(GREATER, less)
  while (at !== -1 && at < end && bytes[at - 1] === MINUS) at = bytes.indexOf(GREATER, at + 1)
  return at === -1 || at > end ? end : at
}

/** Decimal, `0x…` or, with a leading zero, octal. */
function numberAt(bytes: Buffer, from: number, to: number): number {
  let value = 0
  if (bytes[from] === ZERO && bytes[from + 1] === LOWER_X) {
    for (let at = from + 2; at < to; at += 1) value = value * 16 + hexDigit(bytes[at]!)
    return value
  }
  const base = bytes[from] === ZERO ? 8 : 10
  for (let at = from; at < to; at += 1) value = value * base + bytes[at]! - ZERO
  return value
}

/** Four words of four bytes. */
const UNFINISHED = viewOf(Buffer.from('<unfinished ...>'))

function isUnfinished(view: DataView, at: number): boolean {
  for (let word = 0; word < UNFINISHED.byteLength; word += 4)
    if (view.getInt32(at + word) !== UNFINISHED.getInt32(word)) return false
  return true
}

function isText(bytes: Buffer, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

const BLANK = 0x20
const QUOTE = 0x22
const OPEN = 0x28
const CLOSE = 0x29
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const ONE = 0x31
const NINE = 0x39
const LESS = 0x3c
const EQUALS = 0x3d
const GREATER = 0x3e
const QUESTION = 0x3f
const UPPER_E = 0x45
const UPPER_R = 0x52
const UPPER_T = 0x54
const BACKSLASH = 0x5c
const LOWER_A = 0x61
const LOWER_X = 0x78

const HEX = new Uint8Array(256)
for (const digit of Buffer.from('0123456789abcdef')) HEX[digit] = 1

function isHex(byte: number): boolean {
  return HEX[byte] === 1
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

function hexDigit(byte: number): number {
  return byte <= NINE ? byte - ZERO : byte - LOWER_A + 10
}
