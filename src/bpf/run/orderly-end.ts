import { BEAT_MS } from '../jobs/build.ts'

/** At SIGINT bpftrace drops what it has not read yet: this long it may take to catch up first. */
export const CATCH_UP_MS = 5000
/** Date.now() and the offset of the tracer's clock are whole milliseconds, rounded down. */
const CLOCK_STEP_MS = 1

/** Ends a tracer that was asked to end as soon as it has reported everything up to that moment. */
export interface OrderlyEnd {
  request: () => void
  /** Ends it at once: there is nothing to wait for. */
  now: () => void
  /** A heartbeat of that time was read. */
  reached: (wallMs: number | undefined) => void
  done: () => void
  /** It was interrupted before it had reported everything. */
  readonly behind: boolean
}

/**
 * Up to 0.21 bpftrace has a buffer for each CPU and reads one after the other, in rounds: a heartbeat tells of its own CPU
 * only. Once a later one comes, not together with the first but after a while, a whole round lies between the two.
 */
export function orderlyEnd(isReady: () => boolean, interrupt: () => void): OrderlyEnd {
  let requestedAtMs: number | undefined
  let deadline: NodeJS.Timeout | undefined
  let seenAtMs: number | undefined
  let behind = false
  return {
    request() {
      if (!isReady()) interrupt()
      requestedAtMs ??= Date.now() + CLOCK_STEP_MS
      deadline ??= setTimeout(() => {
        behind = true
        interrupt()
      }, CATCH_UP_MS)
    },
    now: interrupt,
    reached(wallMs = Infinity) {
      if (requestedAtMs === undefined || wallMs <= requestedAtMs) return
      const nowMs = performance.now()
      if (seenAtMs !== undefined && nowMs - seenAtMs >= BEAT_MS / 2) {
        clearTimeout(deadline)
        interrupt()
      }
      seenAtMs = nowMs
    },
    done: () => clearTimeout(deadline),
    get behind() {
      return behind
    },
  }
}
