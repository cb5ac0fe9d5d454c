import { expect, test } from 'vitest'
import { recordingOf, reportOf, socket, type Recording } from '../../../test/support/time-wait-recording.ts'
import { readSnapshot } from '../read/read-snapshot.ts'
import { timeWaitReport } from '../rules/report.ts'

const adviceOf = (recording: Recording) => reportOf(recording).advice

const LISTENER = socket('0.0.0.0:8080', '0.0.0.0:0', '0A', '7000')
const LEAK = Array.from({ length: 25 }, (_, i) =>
  socket('192.0.2.1:8080', `198.51.100.9:${40000 + i}`, '08', `${8000 + i}`),
).join('')

test('more programs that do not close are counted and named', () => {
  const other = Array.from({ length: 30 }, (_, i) =>
    socket('192.0.2.1:8084', `198.51.100.9:${50000 + i}`, '08', `${9000 + i}`),
  ).join('')
  const [advice] = adviceOf({ rows: LISTENER + LEAK + other })
  expect(advice!.finding).toMatch(/does not close 30 connections .*; 25 more of 1 other program$/)
  expect(advice!.evidence).toContain('25 in CLOSE_WAIT of 192.0.2.1:8080, owner not known')
})

test('an accept queue is full when more wait than its limit', () => {
  const row = (waiting: number, acceptQueueLimit?: number) => {
    const snapshot = readSnapshot(recordingOf({ rows: LISTENER, ext: { ListenOverflows: 4 } }))
    snapshot.sockets = snapshot.sockets.map(socket => ({ ...socket, rxQueueBytes: waiting, acceptQueueLimit }))
    return timeWaitReport(snapshot).advice.find(({ code }) => code === 'accept-queue')
  }
  expect(row(9, 8)).toMatchObject({
    evidence: [expect.stringMatching(/^9 waiting in its accept queue, which holds 8, 4/)],
  })
  expect(row(1, 4096)).toBeUndefined()
  expect(row(8, 8)).toBeUndefined()
  expect(row(8)).toBeUndefined()
})
