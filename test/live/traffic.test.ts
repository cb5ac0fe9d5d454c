import { describe, expect, test } from 'vitest'
import { openLiveProc } from '../../src/proc/live-proc.ts'
import { withDumps } from '../../src/sockets/diag/with-dumps.ts'
import { openEnds, TrafficWatch } from '../../src/sockets/traffic/watch-traffic.ts'
import { needs } from '../support/needs.ts'
import { ROOT } from '../support/paths.ts'
import { until } from '../support/until.ts'
import { startFixture } from './live.ts'

const SHORT = 40
const SHORT_BYTES = 1000
const LONG_BYTES = 3_000_000

describe('traffic by owner', needs('root', 'python3'), () => {
  test('every byte that went over long and short connections is counted once, for who listens', async () => {
    const ends = await openEnds()
    if (typeof ends === 'string') throw new Error(ends)
    const watch = new TrafficWatch(await withDumps(openLiveProc()), ends)
    const server = await startFixture<{ pid: number }>('python3', [`${ROOT}fixtures/programs/known-traffic.py`])
    try {
      const { owners } = watch.accountant
      const counted = () => {
        const number = owners.numbers().find(n => owners.ownerOf(n)?.pid === server.facts.pid)
        return number === undefined ? undefined : owners.countersOf(number)
      }
      // The first look learns who listens.
      watch.look()
      const before = counted()
      expect(before).toMatchObject({ receivedBytes: 0, opened: 0 })
      server.child.stdin!.write(`${JSON.stringify({ long: LONG_BYTES, short: SHORT, bytes: SHORT_BYTES })}\n`)
      await server.line()
      // The long connection is still there; the ends of the short ones are told from a work queue.
      const isThere = () => {
        watch.look()
        return counted()!.closed >= SHORT
      }
      expect(await until(isThere)).toBe(true)
      const { receivedBytes, opened } = counted()!
      const truth = LONG_BYTES + SHORT * SHORT_BYTES
      // Of an end it may not be known whether the peer's FIN was counted.
      expect(receivedBytes).toBeGreaterThanOrEqual(truth)
      expect(receivedBytes).toBeLessThanOrEqual(truth + SHORT)
      expect(watch.accountant.unsureBytes).toBeGreaterThanOrEqual(receivedBytes - truth)
      expect(opened).toBeGreaterThanOrEqual(SHORT + 1)
      expect(watch.lost()).toBe(0)
    } finally {
      watch.close()
      await server.stop()
    }
  })
})
