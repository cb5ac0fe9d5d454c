import { viewOf, type ByteInterner } from '../fast/byte-interner.ts'
import { CallNames } from '../fast/call-names.ts'
import { CLOCK, EVENT, RESULT, type ScannedPrefix, type ScannedResult } from './event.ts'
import { isNameByte, scanPrefix } from './prefix.ts'
import { scanResult } from './result.ts'

/**
 * One line of a strace log, scanned in place: no string is made. The fields are positions in the buffer and numbers,
 * and hold until the next {@link scan}.
 *
 * Source: strace src/strace.c (printleader), src/syscall.c (print_syscall_resume). One line:
 * `12135 1795175451.794200 read(3</etc/passwd>, "root"..., 4) = 4 <0.001095>`. Understands `-f -t -tt -ttt -r -T -i -n
 * -y -yy -Y -k` of strace 4.8 to 7.2.
 */
export class StraceLine implements ScannedPrefix, ScannedResult {
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
  // What may outgrow a small integer begins as none, or V8 would compile what reads it twice.
  timeS = NaN
  timeNs = NaN
  timeFrom = 0
  timeTo = 0

  /** Where the event begins, behind all prefixes. */
  eventFrom = 0
  nameFrom = 0
  nameTo = 0
  /** Number of the name among {@link names}; -1 where it was not seen lately, see {@link internName}. */
  name = -1
  readonly names: CallNames
  argsFrom = 0
  argsTo = 0

  result: number = RESULT.value
  value = NaN
  errnoFrom = 0
  errnoTo = 0
  descriptorFrom = -1
  descriptorTo = 0
  /** -1 without -T. */
  durationNs = NaN

  constructor(names: ByteInterner) {
    this.names = new CallNames(names)
  }

  scan(bytes: Buffer, from: number, to: number): void {
    this.use(bytes)
    this.from = from
    this.to = to
    this.tid = -1
    this.commFrom = -1
    this.clock = CLOCK.none
    this.durationNs = -1
    this.descriptorFrom = -1
    this.event = EVENT.none
    const at = scanPrefix(this)
    this.eventFrom = at
    if (at < to) this.scanEvent(at)
  }

  /** The positions to come are in these bytes. */
  use(bytes: Buffer): void {
    if (bytes === this.bytes) return
    this.bytes = bytes
    this.view = viewOf(bytes)
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
      this.event = EVENT.continuation
  }

  /** Where the name ends: at `terminator`, if it is one. */
  private scanName(from: number, terminator: number): number {
    const { bytes, view, to } = this
    const row = this.names.find(view, from, terminator)
    if (row !== -1) {
      this.name = this.names.numberIn(row)
      return (this.nameTo = from + this.names.lengthIn(row))
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
    if (this.name === -1) this.name = this.names.intern(view, nameFrom, nameTo)
    return this.name
  }
}

/** Of system calls; strace knows some 500. */
export const MAX_NAMES = 4096

const BLANK = 0x20
const OPEN = 0x28
const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const LESS = 0x3c
const GREATER = 0x3e
const BAR = 0x7c
