import { CLOCK, NS_PER_DIGIT, type ScannedPrefix } from './event.ts'

/**
 * Reads what stands before the event of a line: thread, time, instruction pointer and number, as far as they are there.
 * Returns where the event begins, or the end of the line where there is none.
 *
 * Nearly every line of a large log has the thread and an epoch in microseconds, whose digits are read only if somebody
 * asks.
 */
export function scanPrefix(line: ScannedPrefix): number {
  const { bytes, from, to } = line
  let at = from
  let tid = 0
  for (; isDigit(bytes[at]!); at += 1) tid = tid * 10 + bytes[at]! - ZERO
  if (at === from || tid > PID_MAX || bytes[at] !== BLANK) return scanAnyPrefix(line)
  at = skipBlanks(bytes, at, to)
  const event = at + MICROS_EPOCH + 1
  if (event >= to || bytes[event - 1] !== BLANK || !isMicrosEpoch(bytes, at)) return scanAnyPrefix(line)
  if (!(bytes[event]! > COLON) || bytes[event] === BRACKET) return scanAnyPrefix(line)
  line.tid = tid
  line.clock = CLOCK.epoch
  line.timeFrom = at
  line.timeTo = event - 1
  return event
}

function areAllDigits(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (!isDigit(bytes[at]!)) return false
  return true
}

/** `1795175451.794200` */
function isMicrosEpoch(bytes: Buffer, at: number): boolean {
  return (
    bytes[at] === ONE &&
    bytes[at + 10] === DOT &&
    areAllDigits(bytes, at, at + 10) &&
    areAllDigits(bytes, at + 11, at + 17)
  )
}

function scanAnyPrefix(line: ScannedPrefix): number {
  const { bytes, from, to } = line
  let at = from
  if (bytes[at] === BRACKET && bytes[at + 1] === LOWER_P && bytes[at + 4] === BLANK) {
    at = scanTid(line, skipBlanks(bytes, at + 5, to))
    if (bytes[at] !== BRACKET_END) return to
    at += 2
  } else if (isDigit(bytes[at]!)) {
    const after = scanTid(line, at)
    const next = bytes[after]
    // More than the kernel's largest pid is a time in whole seconds; a point or colon makes it one anyway.
    if (line.tid > PID_MAX || next === DOT || next === COLON) line.tid = -1
    else if (next === BLANK) at = after
    else return to
  }
  for (;;) {
    at = skipBlanks(bytes, at, to)
    const byte = bytes[at]!
    if (isDigit(byte)) at = scanTime(line, at, at > from && bytes[at - 1] === BLANK)
    else if (byte === OPEN && bytes[at + 1] === PLUS) {
      const end = bytes.indexOf(CLOSE, at)
      if (end === -1 || end >= to) return to
      if (line.clock === CLOCK.none) scanTime(line, skipBlanks(bytes, at + 2, to), true)
      at = end + 1
    } else if (byte === BRACKET && bytes[at + 1] !== LOWER_P) {
      const end = bytes.indexOf(BRACKET_END, at)
      if (end === -1 || end >= to || end - at > 24) return to
      at = end + 1
    } else return at
    if (at >= to) return to
  }
}

/** `123` or `123<comm>` */
function scanTid(line: ScannedPrefix, from: number): number {
  const { bytes, to } = line
  let at = from
  let tid = 0
  for (; at < to; at += 1) {
    const digit = bytes[at]! - ZERO
    if (digit < 0 || digit > 9) break
    tid = tid * 10 + digit
  }
  line.tid = at === from ? -1 : tid
  if (bytes[at] !== LESS) return at
  // A name may hold `> ` itself: it ends where something of a log follows.
  for (let end = at + 1; end < to; end += 1) {
    if (bytes[end] !== GREATER || !(bytes[end + 1] === BRACKET_END || followsName(line, end + 1))) continue
    line.commFrom = at + 1
    line.commTo = end
    return end + 1
  }
  return to
}

function followsName({ bytes, to }: ScannedPrefix, blank: number): boolean {
  if (bytes[blank] !== BLANK) return false
  const at = skipBlanks(bytes, blank, to)
  const byte = bytes[at]!
  if (!isNameByte(byte)) return byte === OPEN || byte === BRACKET || byte === LESS || byte === PLUS || byte === MINUS
  let end = at
  while (end < to && isNameByte(bytes[end]!)) end += 1
  return isDigit(byte) || bytes[end] === OPEN
}

/** `11:50:36.425533`, `1795175445.673443`, or, with blanks before it, the `0.000028` of -r. */
function scanTime(line: ScannedPrefix, from: number, padded: boolean): number {
  const { bytes, to } = line
  let at = from
  let value = 0
  let seconds = 0
  let colons = 0
  for (; at < to; at += 1) {
    const byte = bytes[at]!
    if (byte === COLON) {
      seconds = (seconds + value) * 60
      value = 0
      colons += 1
    } else if (isDigit(byte)) value = value * 10 + byte - ZERO
    else break
  }
  line.timeS = seconds + value
  line.timeNs = 0
  if (bytes[at] === DOT) {
    let ns = 0
    const point = at
    for (at += 1; at < to && isDigit(bytes[at]!); at += 1) ns = ns * 10 + bytes[at]! - ZERO
    line.timeNs = ns * (NS_PER_DIGIT[at - point - 1] ?? 0)
  }
  line.clock = colons > 0 ? CLOCK.day : padded && line.timeS < PID_MAX ? CLOCK.relative : CLOCK.epoch
  line.timeFrom = from
  line.timeTo = at
  return at
}

export function isNameByte(byte: number): boolean {
  return NAME_BYTES[byte] === 1
}

const NAME_BYTES = new Uint8Array(256)
for (const byte of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_')) NAME_BYTES[byte] = 1

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

function skipBlanks(bytes: Buffer, from: number, to: number): number {
  let at = from
  while (at < to && bytes[at] === BLANK) at += 1
  return at
}

/** Length of an epoch in microseconds; seconds since 1970 have ten digits until 2286. */
const MICROS_EPOCH = 17

/** Source: PID_MAX_LIMIT, include/linux/threads.h. */
const PID_MAX = 4_194_304

const BLANK = 0x20
const OPEN = 0x28
const CLOSE = 0x29
const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const ONE = 0x31
const NINE = 0x39
const COLON = 0x3a
const LESS = 0x3c
const GREATER = 0x3e
const BRACKET = 0x5b
const BRACKET_END = 0x5d
const LOWER_P = 0x70
