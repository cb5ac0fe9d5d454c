import { expect, test } from 'vitest'
import { changing } from '../../test/support/fake-proc.ts'
import { clients, recordingOf } from '../../test/support/time-wait-recording.ts'
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

test('an ended signal ends it before the first tick', async () => {
  const ticks: WatchTick[] = []
  for await (const tick of watchTimeWait(recordingOf({}), 50, AbortSignal.abort(), {})) ticks.push(tick)
  expect(ticks).toEqual([])
})
