import { expect, test } from 'vitest'
import { changing } from '../../test/support/fake-proc.ts'
import { clients, mini, recordingOf } from '../../test/support/time-wait-recording.ts'
import type { WatchTick } from './model.ts'
import { watchTimeWait } from './watch.ts'

test('a tick counts since the one before; the first has the rows and no rates', async () => {
  const source = recordingOf({ rows: clients(3) })
  let reads = 0
  const counting = changing(source, {
    readFile: path => {
      if (path !== 'net/netstat') return source.readFile(path)
      reads += 1
      return Buffer.from(`TcpExt: TW TWKilled TWRecycled\nTcpExt: ${reads * 100} ${reads} 7\n`)
    },
  })
  const ending = new AbortController()
  const ticks: WatchTick[] = []
  for await (const tick of watchTimeWait(counting, 50, ending.signal, {})) {
    ticks.push(tick)
    if (ticks.length === 2) ending.abort()
  }
  expect(ticks).toHaveLength(2)
  expect(ticks[0]).toMatchObject({ tw: 3, bornPerS: undefined, report: { totals: { timeWait: 3 } } })
  const { bornPerS, recycledPerS, overflowedPerS, atMs } = ticks[1]!
  expect(recycledPerS).toBe(0)
  expect(overflowedPerS).toBeUndefined()
  // Two reads a tick where the rows are read, too: 101 or 202 births in the time between.
  const births = bornPerS! * ((atMs - ticks[0]!.atMs) / 1000)
  expect(births).toBeGreaterThan(101 * 0.7)
  expect(births).toBeLessThan(202 * 1.3)
})

test('a look tells what the one before left open', async () => {
  const settings = { ip_local_port_range: '10000\t10199', tcp_tw_reuse: '0' }
  const rows = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      mini(`198.51.100.7:${10_001 + 2 * i}`, '192.0.2.1:80', 0.3 + (count - i) * 0.4),
    ).join('')
  const looks = [50, 51].map(count => recordingOf({ rows: rows(count), settings, ext: { TW: 1000 } }))
  let reads = 0
  const source = changing(looks[0]!, {
    readFile: path => looks[path === 'net/tcp' && (reads += 1) > 1 ? 1 : 0]!.readFile(path),
  })
  const ending = new AbortController()
  const parities: unknown[] = []
  for await (const { report } of watchTimeWait(source, 20, ending.signal, {})) {
    if (report !== undefined) parities.push(report.tuples[0]!.parity)
    if (parities.length === 2) ending.abort()
  }
  expect(parities).toEqual(['perhaps-bind-before-connect', 'bind-before-connect'])
})

test('an ended signal ends it before the first tick', async () => {
  const ticks: WatchTick[] = []
  for await (const tick of watchTimeWait(recordingOf({}), 50, AbortSignal.abort(), {})) ticks.push(tick)
  expect(ticks).toEqual([])
})
