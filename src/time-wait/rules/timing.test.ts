import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { clients, mini, recordingOf } from '../../../test/support/time-wait-recording.ts'
import { readSnapshot } from '../read/read-snapshot.ts'
import { timeWaitReport } from './report.ts'
import { wheelStep } from './timing.ts'

test.each([
  [250, 60, 2.048],
  [1000, 60, 4.096],
  [100, 60, 5.12],
  [1000, 0.05, 0.001],
])('at HZ=%i a timer of %d s is exact to %d s', (hz, seconds, step) => expect(wheelStep(hz, seconds)).toBe(step))

describe('rows at timer 0', () => {
  /** 400 at once, whose timers have run out, then 9 a second. */
  const burst = Array.from({ length: 400 }, (_, i) => mini(`198.51.100.7:${40000 + i}`, '192.0.2.10:80', 60.5)).join('')
  const rows = burst + clients(540, { everyS: 1 / 9 })
  const timingOf = (files: Record<string, string> = {}) => {
    const source = recordingOf({ rows, files })
    return timeWaitReport(readSnapshot(source)).timing
  }

  test('a known HZ is never overruled', () => {
    const config = gzipSync('CONFIG_HZ=250\n').toString('latin1')
    expect(timingOf({ 'config.gz': config })).toMatchObject({ granuleS: 2.048, granuleFrom: 'config' })
  })

  test('more of them than any kernel keeps are the end of a burst', () => {
    expect(timingOf()).toMatchObject({ granuleS: 2.048, granuleFrom: 'assumed', granuleAtLeastS: undefined })
  })
})
