import { setTimeout as sleep } from 'node:timers/promises'
import { optional } from '../errors.ts'
import type { TcpCounters, WatchTick } from './model.ts'
import { parseSockstat } from '../proc/net/sockstat.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { readTcpCounters } from './read/tcp-counters.ts'
import type { TimeWaitSnapshot } from './read/snapshot.ts'
import { readSnapshot } from './read/read-snapshot.ts'
import { timeWaitReport, type ReportRequest } from './rules/report.ts'

/** Rows are read so rarely that it costs no more than this share of one CPU. */
const ROWS_CPU_SHARE = 0.02

/** A tick every `intervalMs` until `signal`. */
export async function* watchTimeWait(
  source: ProcSource,
  intervalMs: number,
  signal: AbortSignal,
  request: ReportRequest,
): AsyncGenerator<WatchTick> {
  let last: { atMs: number; counters: TcpCounters } | undefined
  let nextRowsMs = 0
  let granuleSeenS: number | undefined
  let earlier: TimeWaitSnapshot | undefined
  while (!signal.aborted) {
    const startMs = performance.now()
    const counters = readTcpCounters(path => optional(() => source.readFile(path)))
    const tick: WatchTick = {
      atMs: Date.now(),
      tw: optional(() => parseSockstat(source.readFile('net/sockstat')).get('TCP')?.get('tw')),
      bornPerS: undefined,
      recycledPerS: undefined,
      overflowedPerS: undefined,
      report: undefined,
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
      const snapshot = readSnapshot(source)
      tick.report = timeWaitReport(snapshot, { ...request, granuleSeenS, earlier })
      granuleSeenS = tick.report.timing?.granuleAtLeastS
      earlier = snapshot
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
