import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { TimeWaitTable } from '../../sockets/model.ts'
import type { History, TimeWaitTiming } from '../model.ts'

/** A second is part of a burst from this many times the mean. */
const BURST = 1.5

/**
 * Counts arrivals in TIME_WAIT for each second of the last minute, from the timers of one snapshot: a row with 12 s left of
 * 60 arrived 48 s ago. It is a lower bound: rows that connect() reused or that a RST ended are missing, and rows at timer 0
 * are older than the history.
 */
export function timeWaitHistory(timeWaitSockets: TimeWaitTable, timing: TimeWaitTiming, userHz: number): History {
  const length = Math.ceil(timing.lengthS)
  const perSecond = Array.from({ length }, () => 0)
  for (let row = 0; row < timeWaitSockets.length; row += 1) {
    const ticks = timeWaitSockets.ticks[row]!
    if (timeWaitSockets.state[row] !== TCP_STATE.timeWait || ticks === 0) continue
    const age = Math.max(0, Math.floor(timing.lengthS - ticks / userHz))
    perSecond[length - 1 - Math.min(age, length - 1)]! += 1
  }
  const arrivals = perSecond.reduce((sum, count) => sum + count, 0)
  const meanPerS = arrivals / length
  return {
    perSecond,
    meanPerS,
    peakPerS: Math.max(...perSecond),
    dutyCycle: perSecond.filter(count => count > 0).length / length,
    bursts: burstsOf(perSecond, meanPerS * BURST),
  }
}

/** Runs of seconds with more than `threshold` arrivals. */
function burstsOf(perSecond: readonly number[], threshold: number): History['bursts'] {
  const bursts: History['bursts'] = []
  for (let from = 0; from < perSecond.length;) {
    let to = from
    let arrivals = 0
    while (to < perSecond.length && perSecond[to]! > threshold) arrivals += perSecond[to++]!
    if (to > from) bursts.push({ startedAgoS: perSecond.length - from, lengthS: to - from, arrivals })
    from = to + 1
  }
  return bursts
}
