import { CLOCK } from './strace-event.ts'
import type { StraceLine } from './strace-line.ts'

const HALF_DAY_S = 43_200

/** Turns the times of a log, of whatever kind, into nanoseconds since its first line. */
export class LogClock {
  /** Time of the line read last; absent where the log has no times. */
  nowNs: number | undefined
  minNs = 0
  maxNs = 0
  /** Seconds since 1970 of the first line, where the log says it. */
  epochS: number | undefined
  private baseS: number | undefined
  private baseNs = 0
  private dayS = 0
  private relativeNs = 0

  beginInput(): void {
    this.relativeNs = 0
    this.dayS = 0
  }

  read(line: StraceLine): void {
    if (line.clock === CLOCK.none) return
    if (line.clock === CLOCK.relative) {
      this.relativeNs += line.timeS * 1e9 + line.timeNs
      this.nowNs = this.relativeNs
    } else {
      let seconds = line.timeS
      if (line.clock === CLOCK.day) {
        // No date is printed: a time far before the last one is of the next day.
        while (seconds + this.dayS < (this.lastS ?? 0) - HALF_DAY_S) this.dayS += 2 * HALF_DAY_S
        seconds += this.dayS
      } else this.epochS ??= seconds + line.timeNs / 1e9
      this.lastS = seconds
      if (this.baseS === undefined) {
        this.baseS = seconds
        this.baseNs = line.timeNs
      }
      this.nowNs = (seconds - this.baseS) * 1e9 + line.timeNs - this.baseNs
    }
    if (this.nowNs < this.minNs) this.minNs = this.nowNs
    if (this.nowNs > this.maxNs) this.maxNs = this.nowNs
  }

  private lastS: number | undefined
}
