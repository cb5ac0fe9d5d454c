import { describe, expect, test } from 'vitest'
import { mini, recordingOf } from '../../../test/support/time-wait-recording.ts'
import { readSnapshot } from '../read/read-snapshot.ts'
import { needsSecondLook } from './second-look.ts'
import { timeWaitReport } from './report.ts'

const settings = { ip_local_port_range: '10000\t10199', tcp_tw_reuse: '0' }
/** Connections at ports from `from` on, every other one. */
const rows = (count: number, from: number, newestAgoS: number) =>
  Array.from({ length: count }, (_, i) =>
    mini(`198.51.100.7:${from + 2 * i}`, '192.0.2.1:80', newestAgoS + (count - 1 - i) * 0.4),
  ).join('')
const look = (text: string) => readSnapshot(recordingOf({ rows: text, settings, ext: { TW: 1000 } }))

describe('ports that a burst of a minute ago or bind() left', () => {
  const earlier = look(rows(50, 10001, 0.4))
  const first = timeWaitReport(earlier)

  test('one look says perhaps', () => {
    expect(first.tuples[0]!.parity).toBe('perhaps-bind-before-connect')
    expect(needsSecondLook(first)).toBe(true)
    const advice = first.advice.find(({ code }) => code === 'bind-before-connect')!
    expect(advice.finding).toMatch(/ may bind its source address /)
    expect(advice.evidence.join()).toMatch(/a burst that ended a moment ago leaves the same ports behind/)
  })

  test('another port of bind() since proves it', () => {
    const second = timeWaitReport(look(rows(51, 10001, 0.4)), { earlier })
    expect(second.tuples[0]!.parity).toBe('bind-before-connect')
    expect(second.advice.find(({ code }) => code === 'bind-before-connect')!.finding).toMatch(/ binds its source /)
    expect(needsSecondLook(second)).toBe(false)
  })

  test('a port of connect() since disproves it', () => {
    const second = timeWaitReport(look(rows(50, 10001, 1.5) + rows(1, 10000, 0.4)), { earlier })
    expect(second.tuples[0]!.parity).toBeUndefined()
    expect(second.advice.map(({ code }) => code)).not.toContain('bind-before-connect')
  })
})

test('connections of the last second need a second look, those of a minute do not', () => {
  const report = (lastS: number) =>
    timeWaitReport(
      look(
        Array.from({ length: 60 }, (_, i) =>
          mini(`198.51.100.7:${10000 + 2 * i}`, '192.0.2.1:80', (lastS * i) / 60),
        ).join(''),
      ),
    )
  expect(needsSecondLook(report(0.5))).toBe(true)
  expect(needsSecondLook(report(50))).toBe(false)
})
