import { setTimeout as sleep } from 'node:timers/promises'
import type { ViewRequest } from './rules/make-view.ts'
import type { TcpCounters } from './model.ts'
import { parseSockstat } from '../proc/sockstat.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { readTcpCounters } from './read/tcp-counters.ts'
import { answerTimeWait, type TimeWaitAnswer } from './answer.ts'

/** What one tick of `--watch` knows: gauge and counters always, rows only where they were read. */
export interface WatchTick {
  /** Milliseconds since the epoch. */
  atMs: number
  /** TCP: tw of sockstat. */
  tw: number | undefined
  /** Since the tick before; absent in the first. */
  bornPerS: number | undefined
  recycledPerS: number | undefined
  overflowedPerS: number | undefined
  rows: TimeWaitAnswer | undefined
}

/** Rows are read so rarely that it costs no more than this share of one CPU. */
const ROWS_CPU_SHARE = 0.01

/** A tick every `intervalMs` until `signal`. */
export async function* watchTimeWait(
  source: ProcSource,
  intervalMs: number,
  signal: AbortSignal,
  request: ViewRequest,
): AsyncGenerator<WatchTick> {
  let last: { atMs: number; counters: TcpCounters } | undefined
  let nextRowsMs = 0
  let granuleSeenS: number | undefined
  while (!signal.aborted) {
    const startMs = performance.now()
    const counters = readTcpCounters(path => attempt(() => source.readFile(path)))
    const tick: WatchTick = {
      atMs: Date.now(),
      tw: attempt(() => parseSockstat(source.readFile('net/sockstat')).get('TCP')?.get('tw')),
      bornPerS: undefined,
      recycledPerS: undefined,
      overflowedPerS: undefined,
      rows: undefined,
    }
    if (last !== undefined) {
      const seconds = (startMs - last.atMs) / 1000
      const { counters: before } = last
      const rate = (now: number | undefined, then: number | undefined) =>
        now === undefined || then === undefined ? undefined : (now - then) / seconds
      tick.bornPerS = rate(births(counters), births(before))
      tick.recycledPerS = rate(counters.recycled, before.recycled)
      tick.overflowedPerS = rate(counters.overflowed, before.overflowed)
    }
    last = { atMs: startMs, counters }
    if (startMs >= nextRowsMs) {
      const before = process.cpuUsage()
      tick.rows = answerTimeWait(source, { ...request, granuleSeenS })
      granuleSeenS = tick.rows.view.report.timing?.granuleAtLeastS
      const { user, system } = process.cpuUsage(before)
      nextRowsMs = startMs + (user + system) / 1000 / ROWS_CPU_SHARE
    }
    yield tick
    try {
      await sleep(Math.max(0, startMs + intervalMs - performance.now()), undefined, { signal })
    } catch {
      return
    }
  }
}

function births({ born, bornShort }: TcpCounters): number | undefined {
  return born === undefined ? undefined : born + (bornShort ?? 0)
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
