import { expect, test } from 'vitest'
import { clients, mini, recordingOf } from '../../../test/support/time-wait-recording.ts'
import { readSnapshot } from '../read/read-snapshot.ts'
import { timeWaitReport } from './report.ts'
import type { ClosedConnection, WhoClosed } from '../who/who-closed.ts'
import { clientName } from '../words.ts'

const closed = (localPort: number, pid: number, more: Partial<ClosedConnection> = {}): ClosedConnection => ({
  localAddress: '198.51.100.7',
  localPort,
  remoteAddress: '192.0.2.10',
  remotePort: 80,
  role: 'client',
  closer: { pid, program: 'kid' },
  ...more,
})
const whoOf = (connections: ClosedConnection[]): WhoClosed => ({
  tracedS: 3,
  closers: [],
  refused: [],
  connections,
  counted: undefined,
  explained: connections.length,
  foreign: 0,
  lostEvents: 0,
})
/** 20 rows, from ports 32768, 32770, …; and one of FIN_WAIT2. */
const ROWS = clients(20) + mini('198.51.100.7:33000', '192.0.2.10:80', 1, '05')
const reportWith = (connections: ClosedConnection[]) =>
  timeWaitReport(readSnapshot(recordingOf({ rows: ROWS })), { by: 'owner', who: whoOf(connections) })

test('rows are of whom was seen closing their connection, the rest of nobody', () => {
  const { groups, tuples } = reportWith([closed(32768, 7), closed(32770, 7), closed(32772, 8), closed(33000, 8)])
  expect(tuples[0]).toMatchObject({
    traced: true,
    candidates: [
      { pid: 7, hits: 2, rows: { timeWait: 2, finWait2: 0 } },
      { pid: 8, hits: 2, rows: { timeWait: 1, finWait2: 1 } },
    ],
  })
  expect(groups).toMatchObject([
    { key: 'not known', timeWait: 17, finWait2: 0 },
    { key: 'kid (2 pids)', timeWait: 3, finWait2: 1 },
  ])
  expect(clientName(tuples[0]!)).toBe('kid (2 pids, 4 traced); 17 not known')
})

test('a traced connection without a row books none', () => {
  const { groups, tuples } = reportWith([closed(40000, 7)])
  expect(tuples[0]!.candidates).toMatchObject([{ hits: 1, rows: { timeWait: 0, finWait2: 0 } }])
  expect(groups[0]).toMatchObject({ key: 'not known', timeWait: 20 })
})

test.each([
  ['of another destination', { remotePort: 443 }],
  ['of another source address', { localAddress: '198.51.100.8' }],
  ['closed by the server here', { role: 'server' as const }],
  ['closed before tracing began', { closer: undefined }],
])('a connection %s changes nothing', (_, more) => {
  const { tuples, groups } = reportWith([closed(32768, 7, more)])
  expect(tuples[0]).toMatchObject({ traced: false, candidates: [] })
  expect(groups).toMatchObject([{ key: 'not known', timeWait: 20, finWait2: 1 }])
})
