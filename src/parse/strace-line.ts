import { hashBytes, viewOf, type ByteInterner } from './byte-interner.ts'
import { CLOCK, EVENT, NS_PER_DIGIT, RESULT, type ScannedResult } from './strace-event.ts'
import { scanResult } from './strace-result.ts'

/**
 * One line of a strace log, scanned in place: no string is made. The fields are positions in the buffer and numbers,
 * and hold until the next {@link scan}.
 *
 * Source: strace src/strace.c (printleader), src/syscall.c (print_syscall_resume). One line:
 * `12135 1795175451.794200 read(3</etc/passwd>, "root"..., 4) = 4 <0.001095>`. Understands `-f -t -tt -ttt -r -T -i -n
 * -y -yy -Y -k` of strace 4.8 to 7.2.
 */
export class StraceLine implements ScannedResult {
  bytes: Buffer = Buffer.alloc(0)
  /** The same bytes. */
  view: DataView = viewOf(this.bytes)
  from = 0
  to = 0
  event: number = EVENT.none

  /** -1 where the line names no thread. */
  tid = -1
  /** Name of the thread (-Y); `commFrom` is -1 where absent. */
  commFrom = -1
  commTo = -1
  clock: number = CLOCK.none
  /** Seconds and nanoseconds; those of an epoch are only there after {@link readEpoch}. */
  timeS = 0
  timeNs = 0
  private timeFrom = 0
  /** Characters of the epochs of this log; 0 before the first. */
  private epochWidth = 0

  /** Where the event begins, behind all prefixes. */
  eventFrom = 0
  nameFrom = 0
  nameTo = 0
  /** Number of the name among {@link names}; -1 where it was not seen lately, see {@link internName}. */
  name = -1
  readonly names: ByteInterner
  /** Names by their first four letters: nearly every call is one of a few. */
  private readonly recentNames = new Int32Array(RECENT_NAMES).fill(-1)
  argsFrom = 0
  argsTo = 0

  result: number = RESULT.value
  value = 0
  errnoFrom = 0
  errnoTo = 0
  descriptorFrom = -1
  descriptorTo = 0
  /** -1 without -T. */
  durationNs = -1

  /** Number 0 of `names` is for what comes after as many as it takes. */
  constructor(names: ByteInterner) {
    this.names = names
  }

  scan(bytes: Buffer, from: number, to: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes
      this.view = viewOf(bytes)
    }
    this.from = from
    this.to = to
    this.tid = -1
    this.commFrom = -1
    this.clock = CLOCK.none
    this.durationNs = -1
    this.descriptorFrom = -1
    this.event = EVENT.none
    const at = this.scanPrefix(from)
    this.eventFrom = at
    if (at < to) this.scanEvent(at)
  }

  private scanEvent(start: number): void {
    const { bytes, to } = this
    let at = start
    let byte = bytes[at]!
    if (byte === LESS) {
      if (bytes[at + 1] !== DOT || bytes[at + 4] !== BLANK) return
      at += 5
      this.nameFrom = at
      at = this.scanName(at, BLANK)
      // ` resumed>`
      if (bytes[at] !== BLANK || bytes[at + 8] !== GREATER) return
      this.argsFrom = at + 9
      this.event = scanResult(this, EVENT.resumed)
      return
    }
    if (isNameByte(byte) && !(byte >= ZERO && byte <= NINE)) {
      this.nameFrom = at
      at = this.scanName(at, OPEN)
      if (at >= to || bytes[at] !== OPEN) return
      this.argsFrom = at + 1
      this.event = scanResult(this, EVENT.call)
      return
    }
    if (bytes[at + 1] === byte && bytes[at + 2] === byte && bytes[at + 3] === BLANK) {
      if (byte === PLUS) this.event = EVENT.end
      else if (byte === MINUS) this.event = EVENT.signal
      return
    }
    // ` > /lib/libc.so.6(read+0x1) [0x2]`, ` | 00000  7f 45 …`; their blank was taken for a prefix.
    byte = bytes[start]!
    if ((byte === GREATER || byte === BAR) && bytes[this.from] === BLANK && bytes[start + 1] === BLANK)
      this.event = EVENT.extra
  }

  /** Where the name ends: at `terminator`, if it is one. */
  private scanName(from: number, terminator: number): number {
    const { bytes, view, to } = this
    if (from + 4 < to) {
      const known = this.recentNames[recentSlot(view, from)]!
      const end = known === -1 ? -1 : this.names.endsAt(known, view, from)
      if (end !== -1 && bytes[end] === terminator) {
        this.name = known
        this.nameTo = end
        return end
      }
    }
    let at = from
    while (at < to && isNameByte(bytes[at]!)) at += 1
    this.name = -1
    this.nameTo = at
    return at
  }

  /** Number of the name of a call; only for lines that turned out to be one, or else any text would fill the names. */
  internName(): number {
    const { view, nameFrom, nameTo } = this
    if (this.name === -1) {
      this.name = Math.max(0, this.names.intern(view, nameFrom, nameTo, hashBytes(view, nameFrom, nameTo)))
      if (this.name !== 0 && nameFrom + 4 <= nameTo) this.recentNames[recentSlot(view, nameFrom)] = this.name
    }
    return this.name
  }

  /** Thread, time, instruction pointer and number, as far as they are there. */
  private scanPrefix(from: number): number {
    const { bytes, to } = this
    let at = from
    if (bytes[at] === BRACKET && bytes[at + 1] === LOWER_P && bytes[at + 4] === BLANK) {
      at = this.scanTid(skipBlanks(bytes, at + 5, to))
      if (bytes[at] !== BRACKET_END) return to
      at += 2
    } else if (isDigit(bytes[at]!)) {
      const after = this.scanTid(at)
      const next = bytes[after]
      // More than the kernel's largest pid is a time in whole seconds; a point or colon makes it one anyway.
      if (this.tid > PID_MAX || next === DOT || next === COLON) this.tid = -1
      else if (next === BLANK) at = after
      else return to
    }
    for (;;) {
      at = skipBlanks(bytes, at, to)
      const byte = bytes[at]!
      // Epochs of one log are all of one length.
      if (byte === ONE && this.epochWidth !== 0 && bytes[at + this.epochWidth] === BLANK && this.isEpoch(at)) {
        at += this.epochWidth
      } else if (isDigit(byte)) at = this.scanTime(at, at > from && bytes[at - 1] === BLANK)
      else if (byte === OPEN && bytes[at + 1] === PLUS) {
        const end = bytes.indexOf(CLOSE, at)
        if (end === -1 || end >= to) return to
        if (this.clock === CLOCK.none) this.scanTime(skipBlanks(bytes, at + 2, to), true)
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
  private scanTid(from: number): number {
    const { bytes, to } = this
    let at = from
    let tid = 0
    for (; at < to; at += 1) {
      const digit = bytes[at]! - ZERO
      if (digit < 0 || digit > 9) break
      tid = tid * 10 + digit
    }
    this.tid = at === from ? -1 : tid
    if (bytes[at] !== LESS) return at
    // A name may hold `> ` itself: it ends where something of a log follows.
    for (let end = at + 1; end < to; end += 1) {
      if (bytes[end] !== GREATER || !(bytes[end + 1] === BRACKET_END || this.followsName(end + 1))) continue
      this.commFrom = at + 1
      this.commTo = end
      return end + 1
    }
    return to
  }

  private followsName(blank: number): boolean {
    const { bytes, to } = this
    if (bytes[blank] !== BLANK) return false
    const at = skipBlanks(bytes, blank, to)
    const byte = bytes[at]!
    if (!isNameByte(byte)) return byte === OPEN || byte === BRACKET || byte === LESS || byte === PLUS || byte === MINUS
    let end = at
    while (end < to && isNameByte(bytes[end]!)) end += 1
    return isDigit(byte) || bytes[end] === OPEN
  }

  /** Takes note of an epoch, whose digits are read only if somebody asks: of a million lines few are. */
  private isEpoch(at: number): boolean {
    if (this.clock !== CLOCK.none || (this.epochWidth > EPOCH_DIGITS && this.bytes[at + EPOCH_DIGITS] !== DOT))
      return false
    this.clock = CLOCK.epoch
    this.timeFrom = at
    return true
  }

  /** Reads the digits of an epoch. */
  readEpoch(): void {
    const { bytes, timeFrom } = this
    const end = timeFrom + this.epochWidth
    let seconds = 0
    let at = timeFrom
    for (; at < end && bytes[at] !== DOT; at += 1) seconds = seconds * 10 + bytes[at]! - ZERO
    let ns = 0
    const digits = Math.max(0, end - at - 1)
    for (at += 1; at < end; at += 1) ns = ns * 10 + bytes[at]! - ZERO
    this.timeS = seconds
    this.timeNs = ns * NS_PER_DIGIT[digits]!
  }

  /** `11:50:36.425533`, `1795175445.673443`, or, with blanks before it, the `0.000028` of -r. */
  private scanTime(from: number, padded: boolean): number {
    const { bytes, to } = this
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
    this.timeS = seconds + value
    this.timeNs = 0
    if (bytes[at] === DOT) {
      let ns = 0
      const point = at
      for (at += 1; at < to && isDigit(bytes[at]!); at += 1) ns = ns * 10 + bytes[at]! - ZERO
      this.timeNs = ns * (NS_PER_DIGIT[at - point - 1] ?? 0)
    }
    this.clock = colons > 0 ? CLOCK.day : padded && this.timeS < PID_MAX ? CLOCK.relative : CLOCK.epoch
    if (this.clock === CLOCK.epoch) {
      this.timeFrom = from
      this.epochWidth = at - from
    }
    return at
  }
}

/** Seconds since 1970 have ten digits until 2286. */
const EPOCH_DIGITS = 10

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
const BAR = 0x7c

const NAME_BYTES = new Uint8Array(256)
for (const byte of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_')) NAME_BYTES[byte] = 1

const RECENT_NAMES = 256

function recentSlot(view: DataView, from: number): number {
  const letters = view.getInt32(from, true)
  return (letters ^ (letters >>> 13) ^ (letters >>> 19)) & (RECENT_NAMES - 1)
}

function isNameByte(byte: number): boolean {
  return NAME_BYTES[byte] === 1
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

function skipBlanks(bytes: Buffer, from: number, to: number): number {
  let at = from
  while (at < to && bytes[at] === BLANK) at += 1
  return at
}
