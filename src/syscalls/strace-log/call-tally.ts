import type { LatencyHistogram } from '../latency-histogram.ts'
import { KIND } from '../../kernel/syscall-kind.ts'
import type { CallStats } from '../profile.ts'

/** Running totals of one system call in one thread, kept as plain fields because one is touched for every line of a log. */
export class CallTally {
  calls = 0
  errors = 0
  restarts = 0
  zeroResults = 0
  timed = 0
  totalNs = 0
  minNs = Infinity
  maxNs = 0
  transfers = 0
  bytes = 0
  oneByteCalls = 0
  smallCalls = 0
  smallBytes = 0
  /** By number of the errno. */
  errnos: number[] | undefined

  addTime(ns: number): void {
    this.timed += 1
    this.totalNs += ns
    if (ns < this.minNs) this.minNs = ns
    if (ns > this.maxNs) this.maxNs = ns
  }

  addValue(value: number, kind: number): void {
    if (value === 0) this.zeroResults += 1
    else if ((kind & MOVES) !== 0 && value > 0) {
      this.transfers += 1
      this.bytes += value
      if (value <= SMALL_BYTES) {
        this.smallCalls += 1
        this.smallBytes += value
        if (value === 1) this.oneByteCalls += 1
      }
    }
  }

  addErrno(errno: number): void {
    this.errors += 1
    const errnos = (this.errnos ??= [])
    errnos[errno] = (errnos[errno] ?? 0) + 1
  }

  merge(from: CallTally): void {
    this.calls += from.calls
    this.errors += from.errors
    this.restarts += from.restarts
    this.zeroResults += from.zeroResults
    this.timed += from.timed
    this.totalNs += from.totalNs
    this.minNs = Math.min(this.minNs, from.minNs)
    this.maxNs = Math.max(this.maxNs, from.maxNs)
    this.transfers += from.transfers
    this.bytes += from.bytes
    this.oneByteCalls += from.oneByteCalls
    this.smallCalls += from.smallCalls
    this.smallBytes += from.smallBytes
    from.errnos?.forEach((count, errno) => {
      const errnos = (this.errnos ??= [])
      errnos[errno] = (errnos[errno] ?? 0) + count
    })
  }

  stats(errnoName: (errno: number) => string, latency?: LatencyHistogram): CallStats {
    const errnos: Record<string, number> = {}
    this.errnos?.forEach((count, errno) => {
      const name = errnoName(errno)
      errnos[name] = (errnos[name] ?? 0) + count
    })
    return {
      calls: this.calls,
      errors: this.errors,
      errnos,
      restarts: this.restarts,
      zeroResults: this.zeroResults,
      ...(this.timed > 0 && { wall: { totalNs: this.totalNs, minNs: this.minNs, maxNs: this.maxNs } }),
      ...(latency !== undefined && { latency }),
      ...(this.transfers > 0 && {
        transfer: {
          calls: this.transfers,
          bytes: this.bytes,
          oneByteCalls: this.oneByteCalls,
          small: { calls: this.smallCalls, bytes: this.smallBytes },
        },
      }),
    }
  }
}

/** Up to so many bytes cost as much as one. */
const SMALL_BYTES = 64

const MOVES = KIND.reads | KIND.writes
