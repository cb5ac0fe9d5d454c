import { expect, test } from 'vitest'
import { owner, tcpListener, tcpSocket } from '../../../../test/support/a-socket.ts'
import type { Closing } from '../../diag/closings.ts'
import type { InetRow } from '../../model.ts'
import { addEnds } from './add-ends.ts'
import { socketChanges } from './socket-changes.ts'

const closing = (cookie: string, row: Partial<InetRow> = {}, bytes = 10): Closing => ({
  row: tcpSocket({ inode: '0', state: 7, ...row }).row as InetRow,
  kernel: { cookie, tcpInfo: { bytesSent: bytes, bytesReceived: 2 * bytes, totalRetrans: 1 } as never },
})

const NONE: ReadonlySet<string> = new Set()

test('an end belongs to the row that went, by its cookie', () => {
  const { changes } = socketChanges([tcpSocket({}, { cookie: '7' }), tcpSocket({ inode: '2' }, { cookie: '8' })], [])
  const ended = addEnds({ changes, known: new Set(['7', '8']), after: [] }, [closing('8')])
  expect(ended.changes.map(({ end }) => end?.bytesReceived)).toEqual([undefined, 20])
  expect([ended.shortLived, ended.early]).toEqual([[], []])
})

test('an end belongs to the row that stays in TIME_WAIT', () => {
  const after = [tcpSocket({ inode: '0', state: 6 }, { cookie: '7' })]
  const { changes } = socketChanges([tcpSocket({}, { cookie: '7' })], after)
  const ended = addEnds({ changes, known: NONE, after }, [closing('7')])
  expect(ended.changes).toMatchObject([{ mark: '~', end: { bytesSent: 10, retransmits: 1 } }])
})

test('a listener carried nothing', () => {
  const { changes } = socketChanges([tcpListener({}, { cookie: '7' })], [])
  const ended = addEnds({ changes, known: NONE, after: [] }, [closing('7', { remotePort: 0 })])
  expect([ended.changes[0]!.end, ended.shortLived]).toEqual([undefined, []])
})

test('an end of what the later look still shows alive is for the next one', () => {
  const after = [tcpSocket({}, { cookie: '7' })]
  const ended = addEnds({ changes: [], known: NONE, after }, [closing('7')])
  expect([ended.early.length, ended.shortLived]).toEqual([1, []])
})

test('an end told late is not of a short-lived socket', () => {
  expect(addEnds({ changes: [], known: new Set(['7']), after: [] }, [closing('7')]).shortLived).toEqual([])
})

test('short-lived ones by their service, with who listens there', () => {
  const listener = tcpListener({}, { owners: [owner(9)] })
  const ends = [
    ...[1, 2, 3].map(i => closing(String(i), { remotePort: 40_000 + i })),
    closing('4', { localPort: 40_001, remotePort: 443, remoteAddress: '192.0.2.1' }),
  ]
  const { shortLived } = addEnds({ changes: [], known: NONE, after: [listener] }, ends)
  expect(shortLived).toEqual([
    {
      side: 'accepted',
      protocol: 'tcp',
      address: '127.0.0.1',
      port: 8080,
      listener,
      count: 3,
      bytesSent: 30,
      bytesReceived: 60,
    },
    {
      side: 'to',
      protocol: 'tcp',
      address: '192.0.2.1',
      port: 443,
      listener: undefined,
      count: 1,
      bytesSent: 10,
      bytesReceived: 20,
    },
  ])
})
