import { CLOCK, NS_PER_DIGIT } from './line/event.ts'
import type { StraceLine } from './line/line.ts'

const HALF_DAY_S = 43_200

const DOT = 0x2e
const ZERO = 0x30

/** Turns the times of a log, of whatever kind, into nanoseconds since its first line. */
export class LogClock {
  minNs = 0
  maxNs = 0
  /** Seconds since 1970 of the first line, where the log says it. */
  epochS: number | undefined
  private readonly line: StraceLine
  /** Where the epoch of the line read last is; its end is -1 once somebody needed it, as few do of a million. */
  private bytes: Buffer = Buffer.alloc(0)
  private unreadFrom = 0
  private unreadTo = -1
  private now = NaN
  private baseS: number | undefined
  private baseNs = 0
  private dayS = 0
  private lastS = 0
  private relativeNs = 0

  constructor(line: StraceLine) {
    this.line = line
  }

  beginInput(): void {
    this.relativeNs = 0
    this.dayS = 0
    this.now = NaN
  }

  /** Takes note of the time of a line. */
  read(): void {
    const { line } = this
    if (line.clock === CLOCK.epoch) {
      if (this.bytes !== line.bytes) this.bytes = line.bytes
      this.unreadFrom = line.timeFrom
      this.unreadTo = line.timeTo
      // The first and last lines of an input say how long it is.
      if (Number.isNaN(this.now)) this.parsePending()
    } else if (line.clock !== CLOCK.none) this.take(line.clock, line.timeS, line.timeNs)
  }

  /** Time of the line read last; NaN where the log has no times, since a field that may be absent costs an allocation. */
  get nowNs(): number {
    this.parsePending()
    return this.now
  }

  /** Works out what is still unread, before its bytes are gone. */
  parsePending(): void {
    const { bytes, unreadTo: to } = this
    if (to === -1) return
    this.unreadTo = -1
    let seconds = 0
    let at = this.unreadFrom
    for (; at < to && bytes[at] !== DOT; at += 1) seconds = seconds * 10 + bytes[at]! - ZERO
    let ns = 0
    const digits = Math.max(0, to - at - 1)
    for (at += 1; at < to; at += 1) ns = ns * 10 + bytes[at]! - ZERO
    this.take(CLOCK.epoch, seconds, ns * NS_PER_DIGIT[digits]!)
  }

  private take(clock: number, timeS: number, timeNs: number): void {
    if (clock === CLOCK.relative) {
      this.relativeNs += timeS * 1e9 + timeNs
      this.now = this.relativeNs
    } else {
      let seconds = timeS
      if (clock === CLOCK.day) {
        // No date is printed: a time far before the last one is of the next day.
        while (seconds + this.dayS < this.lastS - HALF_DAY_S) this.dayS += 2 * HALF_DAY_S
        seconds += this.dayS
        this.lastS = seconds
      } else this.epochS ??= seconds + timeNs / 1e9
      if (this.baseS === undefined) {
        this.baseS = seconds
        this.baseNs = timeNs
      }
      this.now = (seconds - this.baseS) * 1e9 + timeNs - this.baseNs
    }
    if (this.now < this.minNs) this.minNs = this.now
    if (this.now > this.maxNs) this.maxNs = this.now
  }
}
