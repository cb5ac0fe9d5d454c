import { describe, expect, test } from 'vitest'
import { openSource } from '../../proc/open-source.ts'
import type { TimeWaitReport, WhatIf } from '../model.ts'
import { readSnapshot } from '../read/read-snapshot.ts'
import { timeWaitReport } from './report.ts'
import { fixture } from '../../../test/support/paths.ts'

const FOLDER = fixture('timewait/')

async function snapshotOf(capture: string) {
  return readSnapshot(await openSource(`${FOLDER}${capture}`, undefined))
}

async function reportOf(capture: string): Promise<TimeWaitReport> {
  return timeWaitReport(await snapshotOf(capture))
}

const codes = (report: TimeWaitReport) => report.advice.map(advice => advice.code)
const service = (report: TimeWaitReport) => {
  const [tuple, ...others] = report.tuples
  expect(others).toEqual([])
  return tuple!
}

/** Ground truth of each recording: rows in 06, rows in 05, sockstat tw, TcpExt TW + TWKilled, recycled, overflowed. */
const TOTALS: [string, number, number, number, number, number, number][] = [
  ['A0-before', 0, 0, 0, 0, 0, 0],
  ['A1-client-closes-v4-2000', 2000, 0, 2000, 2000, 0, 0],
  ['B1-server-closes-v4-2000', 2000, 0, 2000, 2000, 0, 0],
  ['C1-client-closes-v6-500', 500, 0, 500, 500, 0, 0],
  ['D1-mapped-server-closes-500', 500, 0, 500, 500, 0, 0],
  ['D2-mapped-client-closes-300-plus-v4-200', 500, 0, 500, 500, 0, 0],
  ['E0-before-range1000-reuse0', 0, 0, 0, 0, 0, 0],
  ['E1-half-500of1000', 500, 0, 500, 500, 0, 0],
  ['E2-exhausted-1000of1000', 1000, 0, 1000, 1000, 0, 0],
  ['F0-loopback-reuse0-1000fill-600more', 1000, 0, 1000, 1000, 0, 0],
  ['F1-loopback-reuse1-1000fill-600more', 1000, 0, 1000, 1600, 600, 0],
  ['F3-loopback-reuse1-timestamps0', 1000, 0, 1000, 1000, 0, 0],
  ['H1-finwait2-mini-300-closewait-300', 0, 300, 300, 300, 0, 0],
  ['H2-after-leaker-exits', 300, 0, 300, 300, 0, 0],
  ['K1-fintimeout3-finwait2', 0, 200, 200, 200, 0, 0],
  ['K3-accept-queue-overflow', 0, 9, 9, 9, 0, 0],
  ['O1-overflow-maxtw500-2000', 500, 0, 500, 500, 0, 1500],
  ['Q1-server-restart-timewait', 2, 0, 2, 2, 0, 0],
  ['R1-reserved10-listen5-range100', 85, 0, 85, 85, 0, 0],
  ['S-rate20-range1000-t005', 102, 0, 102, 102, 0, 0],
  ['S-rate20-range1000-t030', 602, 0, 602, 602, 0, 0],
  ['S-rate20-range1000-t100', 986, 0, 987, 1763, 0, 0],
]

describe('every recording', () => {
  test.each(TOTALS)('%s: totals', async (capture, timeWait, finWait2, sockstat, births, recycled, overflowed) => {
    const { totals } = await reportOf(capture)
    expect(totals).toMatchObject({ timeWait, finWait2, sockstat, births, recycled, overflowed, duplicates: 0 })
    expect(totals.active + totals.passive).toBe(timeWait)
  })

  test.each(TOTALS)('%s: nothing was unreadable but what the recording lacks', async capture => {
    const { warnings, unreadable } = await reportOf(capture)
    expect(unreadable).toEqual({})
    expect(warnings).toEqual([])
  })
})

describe('sides', () => {
  test('A1: the client closes first, the connections are ours', async () => {
    const report = await reportOf('A1-client-closes-v4-2000')
    expect(report.totals).toMatchObject({ active: 2000, passive: 0 })
    expect(service(report)).toMatchObject({
      localAddress: '127.0.0.1',
      remoteAddress: '127.0.0.1',
      remotePort: 8080,
      timeWait: 2000,
      used: 2000,
      capacity: 28232,
      reusable: true,
    })
    expect(report.verdict.severity).toBe('ok')
  })

  test('A1: CLOSE_WAIT whose other end is in TIME_WAIT is a torn read, not a leak', async () => {
    const report = await reportOf('A1-client-closes-v4-2000')
    expect(report.tornPairs).toBe(71)
    expect(report.halfClosed).toEqual([])
    expect(codes(report)).not.toContain('never-closes')
  })

  test('B1: the server closes first, no local port is taken', async () => {
    const report = await reportOf('B1-server-closes-v4-2000')
    expect(report.totals).toMatchObject({ active: 0, passive: 2000 })
    expect(report.tuples.every(tuple => tuple.timeWait === 0)).toBe(true)
    expect(report.ports).toMatchObject([{ port: 8080, timeWait: 2000, listening: true }])
    expect(report.verdict.severity).toBe('ok')
    expect(codes(report)).toContain('server-side')
  })

  test('C1: IPv6', async () => {
    expect(service(await reportOf('C1-client-closes-v6-500'))).toMatchObject({
      localAddress: '::1',
      remoteAddress: '::1',
      remotePort: 8080,
      timeWait: 500,
    })
  })

  test('D1: IPv4 clients of a dual-stack server are in tcp6 and count as IPv4', async () => {
    const report = await reportOf('D1-mapped-server-closes-500')
    expect(report.totals).toMatchObject({ active: 0, passive: 500 })
    expect(report.ports).toMatchObject([
      { port: 8080, localAddresses: ['127.0.0.1'], remotes: [{ address: '127.0.0.1', timeWait: 500 }] },
    ])
  })

  test('D2: AF_INET and v4-mapped connections share one supply of ports', async () => {
    expect(service(await reportOf('D2-mapped-client-closes-300-plus-v4-200'))).toMatchObject({
      localAddress: '127.0.0.1',
      remoteAddress: '127.0.0.1',
      timeWait: 500,
      used: 500,
    })
  })
})

describe('ports', () => {
  test('E0: nothing taken of 1000', async () => {
    const report = await reportOf('E0-before-range1000-reuse0')
    expect(report.capacity).toMatchObject({ ports: 1000, low: 10000, high: 10999, reserved: 0, listening: 0 })
    expect(report).toMatchObject({ tuples: [], verdict: { severity: 'ok' } })
  })

  test('E1: half the ports, every one of the parity connect() tries first', async () => {
    const tuple = service(await reportOf('E1-half-500of1000'))
    expect(tuple).toMatchObject({ used: 500, capacity: 1000, utilization: 0.5, otherParity: 0, parity: undefined })
  })

  test('E2: all ports, both parities: exhausted', async () => {
    const report = await reportOf('E2-exhausted-1000of1000')
    expect(service(report)).toMatchObject({
      used: 1000,
      blocked: 1000,
      utilization: 1,
      otherParity: 500,
      parity: 'slow-connect',
      forecast: { exhaustedInS: 0 },
    })
    expect(report.verdict).toMatchObject({ severity: 'critical', sentence: expect.stringContaining('EADDRNOTAVAIL') })
  })

  test('R1: capacity is the range without reserved ports and without listeners of other addresses', async () => {
    const report = await reportOf('R1-reserved10-listen5-range100')
    expect(report.capacity).toMatchObject({ ports: 85, reserved: 10, listening: 5 })
    expect(service(report)).toMatchObject({ used: 85, capacity: 85, utilization: 1 })
  })
})

describe('tcp_tw_reuse', () => {
  test('F0: off, so the ports stay taken', async () => {
    expect(service(await reportOf('F0-loopback-reuse0-1000fill-600more'))).toMatchObject({
      reusable: false,
      blocked: 1000,
      utilization: 1,
    })
  })

  test('F1: on, so rows older than a second can be taken over; 600 were', async () => {
    const report = await reportOf('F1-loopback-reuse1-1000fill-600more')
    const tuple = service(report)
    expect(tuple).toMatchObject({ reusable: true, used: 1000 })
    expect(tuple.blocked).toBeLessThan(1000)
    expect(tuple.forecast!.sustainablePerS).toBe(1000)
    expect(codes(report)).toContain('reuse-carries-load')
    expect(codes(report)).not.toContain('ports-exhausted')
  })

  test('F3: on without timestamps does nothing, and is said', async () => {
    const report = await reportOf('F3-loopback-reuse1-timestamps0')
    expect(service(report)).toMatchObject({ reusable: false, blocked: 1000, utilization: 1 })
    expect(codes(report)).toEqual(expect.arrayContaining(['ports-exhausted', 'reuse-without-timestamps']))
  })
})

describe('both ends on one host', () => {
  test('H1: 300 in FIN_WAIT2 wait for 300 CLOSE_WAIT; none is in TIME_WAIT, whatever sockstat says', async () => {
    const report = await reportOf('H1-finwait2-mini-300-closewait-300')
    expect(report.totals).toMatchObject({
      timeWait: 0,
      finWait2: 300,
      sockstat: 300,
      balance: "sockstat's tw counts both: 0 in TIME_WAIT and 300 in FIN_WAIT2",
    })
    expect(report.halfClosed).toMatchObject([
      { address: '127.0.0.1', port: 8080, side: 'server', closeWait: 300, waitingHere: 300, unaccepted: 0 },
    ])
    expect(report.verdict.severity).toBe('warning')
    expect(codes(report)[0]).toBe('never-closes')
  })

  test('H2: once the leaker is gone they are in TIME_WAIT and not counted again', async () => {
    const report = await reportOf('H2-after-leaker-exits')
    expect(service(report)).toMatchObject({ timeWait: 300, remotePort: 8080 })
    expect(report.halfClosed).toEqual([])
    expect(report.verdict.severity).toBe('ok')
  })

  test('K1: tcp_fin_timeout=3 shortens FIN_WAIT2, counted as TWKilled', async () => {
    const { counters } = await snapshotOf('K1-fintimeout3-finwait2')
    expect(counters).toMatchObject({ born: 0, bornShort: 200 })
    const report = await reportOf('K1-fintimeout3-finwait2')
    expect(report.halfClosed).toMatchObject([{ closeWait: 200, waitingHere: 200 }])
    expect(codes(report)).toEqual(expect.arrayContaining(['never-closes', 'fin-timeout-lowered']))
  })

  test('K3: never accepted: the accept queue, not TIME_WAIT and not a leak', async () => {
    const report = await reportOf('K3-accept-queue-overflow')
    expect(report.halfClosed).toMatchObject([{ closeWait: 9, waitingHere: 9, unaccepted: 9 }])
    expect(codes(report)).toContain('accept-queue')
    expect(codes(report)).not.toContain('never-closes')
    expect(report.advice[0]!.evidence[0]).toContain('9 waiting in its accept queue, 3 turned away')
  })

  test('Q1: two ports nobody listens on any more', async () => {
    const report = await reportOf('Q1-server-restart-timewait')
    expect(report.ports).toMatchObject([
      { port: 9001, listening: false, timeWait: 1 },
      { port: 9002, listening: false, timeWait: 1 },
    ])
    for (const port of report.ports) expect(port.clearsInS).toBeCloseTo(59.8 + 2.05, 0)
    expect(report.advice).toMatchObject([{ code: 'restart', finding: expect.stringContaining('9001, 9002') }])
    expect(report.verdict).toMatchObject({ severity: 'warning', sentence: expect.stringContaining('EADDRINUSE') })
  })
})

describe('the limit of tcp_max_tw_buckets', () => {
  test('O1: 1500 of 2000 got no TIME_WAIT', async () => {
    const report = await reportOf('O1-overflow-maxtw500-2000')
    expect(report.totals).toMatchObject({ overflowed: 1500, limit: 500 })
    expect(codes(report)).toEqual(expect.arrayContaining(['tw-overflow', 'max-buckets-lowered']))
    expect(report.verdict).toMatchObject({
      severity: 'critical',
      sentence: expect.stringContaining('tcp_max_tw_buckets'),
    })
  })
})

describe('history and forecast of 20 connections a second into 1000 ports', () => {
  test.each([
    ['S-rate20-range1000-t005', 5, 50],
    ['S-rate20-range1000-t030', 30, 50],
    ['S-rate20-range1000-t100', 100, 112],
  ])('%s: runs out at the time it did', async (capture, takenAtS, ranOutAtS) => {
    const { forecast } = service(await reportOf(capture))
    expect(Math.abs(takenAtS + forecast!.exhaustedInS! - ranOutAtS)).toBeLessThanOrEqual(1)
    expect(forecast!.arrivalsPerS).toBeCloseTo(20, 0)
    expect(forecast!.sustainablePerS).toBeCloseTo(16.1, 1)
    // Connects failed from 50 to 62 s and from 112 to 124 s.
    expect(forecast!.waves!.lengthS).toBeCloseTo(12, 0)
    expect(forecast!.waves!.periodS).toBeCloseTo(62, 0)
  })

  test('t030: thirty seconds of twenty arrivals, and nothing before', async () => {
    const { history } = await reportOf('S-rate20-range1000-t030')
    expect(history!.perSecond).toHaveLength(60)
    expect(history!.perSecond.slice(0, 29)).toEqual(Array.from({ length: 29 }, () => 0))
    for (const count of history!.perSecond.slice(30)) expect(Math.abs(count - 20)).toBeLessThanOrEqual(1)
    expect(history!.dutyCycle).toBeCloseTo(0.5, 1)
    expect(history!.bursts).toEqual([{ startedAgoS: 30, lengthS: 30, arrivals: expect.closeTo(600, -1) }])
  })

  test('t100: rows at timer 0 show how far the timer wheel has turned', async () => {
    const { timing } = await reportOf('S-rate20-range1000-t100')
    expect(timing!.granuleAtLeastS).toBeCloseTo(1.3, 1)
    expect(timing).toMatchObject({ lengthS: 60, granuleS: 2.048 })
  })

  test('t100: the wave of failures is a gap in the history', async () => {
    const { history } = await reportOf('S-rate20-range1000-t100')
    const quiet = history!.perSecond.filter(count => count === 0).length
    expect(quiet).toBeGreaterThanOrEqual(10)
    expect(quiet).toBeLessThanOrEqual(13)
  })
})

describe('--what-if', () => {
  const whatIf = async (capture: string, change: WhatIf) =>
    timeWaitReport(await snapshotOf(capture), { whatIf: { asked: 'x', change } }).whatIf!.tuples[0]!

  test('a wider range takes the wall away', async () => {
    const tuple = await whatIf('S-rate20-range1000-t030', { range: { low: 1024, high: 65535 } })
    // 8080 is listened on.
    expect(tuple).toMatchObject({ capacity: 65535 - 1024 + 1 - 1, used: 602 })
    expect(tuple.forecast!.exhaustedInS).toBeUndefined()
  })

  test('reuse frees everything older than a second', async () => {
    const tuple = await whatIf('S-rate20-range1000-t030', { reuse: 1 })
    expect(tuple.reusable).toBe(true)
    expect(tuple.blocked).toBeLessThanOrEqual(21)
    expect(tuple.forecast).toMatchObject({ sustainablePerS: 1000, exhaustedInS: undefined })
  })

  test('reuse without timestamps frees nothing', async () => {
    expect(await whatIf('F3-loopback-reuse1-timestamps0', { reuse: 1 })).toMatchObject({
      blocked: 1000,
      utilization: 1,
    })
  })

  test('one more source address doubles the ports', async () => {
    const tuple = await whatIf('S-rate20-range1000-t030', { moreSources: 1 })
    expect(tuple.capacity).toBe(2000)
    expect(tuple.forecast!.exhaustedInS).toBeUndefined()
  })

  test('a pool holds as many ports as it has connections', async () => {
    expect(await whatIf('E2-exhausted-1000of1000', { pool: 50 })).toMatchObject({
      used: 50,
      utilization: 0.05,
      forecast: { arrivalsPerS: 0, exhaustedInS: undefined },
    })
  })
})
