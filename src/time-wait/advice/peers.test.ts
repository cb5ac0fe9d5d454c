import { expect, test } from 'vitest'
import { recordingOf, reportOf, socket, type Recording } from '../../../test/support/time-wait-recording.ts'
import { readSnapshot } from '../read/read-snapshot.ts'
import { timeWaitReport } from '../rules/report.ts'

const adviceOf = (recording: Recording) => reportOf(recording).advice

const LISTENER = socket('0.0.0.0:8080', '0.0.0.0:0', '0A', '7000')
const LEAK = Array.from({ length: 25 }, (_, i) =>
  socket('192.0.2.1:8080', `198.51.100.9:${40000 + i}`, '08', `${8000 + i}`),
).join('')

test('more services whose connections are not closed are counted and named', () => {
  const other = Array.from({ length: 30 }, (_, i) =>
    socket('192.0.2.1:8084', `198.51.100.9:${50000 + i}`, '08', `${9000 + i}`),
  ).join('')
  const [advice] = adviceOf({ rows: LISTENER + LEAK + other })
  expect(advice!.finding).toMatch(/does not close 30 connections .*; 25 more of 1 other service$/)
  expect(advice!.evidence).toContain('25 in CLOSE_WAIT of 192.0.2.1:8080, owner not known')
})

test('further services of one process are no other programs', () => {
  const service = (port: number, first: number) =>
    socket(`0.0.0.0:${port}`, '0.0.0.0:0', '0A', String(first - 1)) +
    Array.from({ length: 30 - (port % 10) }, (_, i) =>
      socket(`192.0.2.1:${port}`, `198.51.100.9:${first + i}`, '08', String(first + i)),
    ).join('')
  const held = (pid: number, first: number) =>
    Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`${pid}/fd/${first + i}`, `socket:[${first - 1 + i}]`]))
  const rows = service(8080, 40_000) + service(8081, 50_000) + service(8082, 60_000)
  const findingWith = (last: number) =>
    adviceOf({ rows, links: { ...held(7, 40_000), ...held(7, 50_000), ...held(last, 60_000) } })[0]!.finding
  expect(findingWith(7)).toMatch(/; 57 more of 2 other services$/)
  expect(findingWith(8)).toMatch(/; 57 more of 2 other programs and services$/)
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
