import { describe, expect, test } from 'vitest'
import { sampleOf } from '../../../test/support/top-sample.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { summaryDocument, tickDocument } from './json.ts'
import { VIEW_OF } from './views/all.ts'

const ORIGIN = { host: 'web1', takenAt: undefined, source: 'live' }
const OWNERS = { 7: { program: 'e\x1b' } }
const tick = (
  sample = sampleOf([{ owner: 7, received: 20, sent: 4, retransmits: 0 }], OWNERS),
  view = VIEW_OF.processes,
  filter = '',
) =>
  tickDocument(ORIGIN, view, { sample, diagnosis: undefined, grouping: 'process', only: [] }, view.sort, filter).facts

describe('a tick', () => {
  test('has raw numbers with their unit, names that are safe, rows in their order', () => {
    expect(tick()).toMatchObject({
      view: 'processes',
      by: 'process',
      seconds: 1,
      totals: { receivedBytesPerS: 20, sentBytesPerS: 4, openedPerS: 0 },
      states: { ESTABLISHED: 1, TIME_WAIT: 3 },
      rows: [{ pid: 7, program: 'e\\x1b', receivedBytesPerS: 20, unreadBytes: 0 }],
    })
  })

  test('rates are of one second, however far apart the looks are', () => {
    const sample = sampleOf([{ owner: 7, received: 20, sent: 4 }], OWNERS, { look: { seconds: 4 } })
    expect(tick(sample).totals.receivedBytesPerS).toBe(5)
  })

  test('without a second look there are none', () => {
    const sample = sampleOf([{ owner: 7 }], OWNERS, { look: { seconds: undefined, amounts: undefined } })
    const { totals, rows } = tick(sample)
    expect([totals.receivedBytesPerS, (rows[0] as { receivedBytesPerS?: number }).receivedBytesPerS]).toEqual([
      undefined,
      undefined,
    ])
  })

  test('says its filter, and of how many sockets it does not know', () => {
    expect(tick(sampleOf([], {}, { undecided: 2 }), VIEW_OF.hosts, 'rtt > 5')).toMatchObject({
      filter: 'rtt > 5',
      undecided: 2,
    })
    expect(tick()).not.toHaveProperty('filter')
  })

  test('of listeners: queue and limit; a limit that is not known is absent', () => {
    const sample = sampleOf([{ state: TCP_STATE.listen, unread: 3 }])
    expect(tick(sample, VIEW_OF.listeners).rows).toMatchObject([{ port: 80, queue: 3, queueLimit: undefined }])
  })

  test('processes that could not be searched are counted', () => {
    const sample = sampleOf([], {}, { look: { unreadable: 3 } })
    const document = tickDocument(
      ORIGIN,
      VIEW_OF.processes,
      { sample, diagnosis: undefined, grouping: 'process', only: [] },
      VIEW_OF.processes.sort,
      '',
    )
    expect(document.unreadable).toEqual({ processes: 3 })
  })
})

test('the summary says how many there were', () => {
  expect(summaryDocument(ORIGIN, 'hosts', 5).facts).toEqual({ view: 'hosts', ticks: 5 })
})
