import { expect, test } from 'vitest'
import { tcpSocket } from '../../../test/support/a-socket.ts'
import type { InetRow, TcpInfo } from '../model.ts'
import { TrafficAccountant } from './accountant.ts'
import { keyOf, sentBytes, tellEnd } from './tell-end.ts'

const closing = (row: Partial<InetRow> = {}, tcpInfo?: Partial<TcpInfo>) => ({
  row: tcpSocket({ inode: '0', state: 7, localPort: 80, remotePort: 5000, ...row }).row as InetRow,
  kernel: { cookie: '5', tcpInfo: tcpInfo as TcpInfo },
})
const INFO = { bytesReceived: 11, dataSegsIn: 1, bytesSent: 30, bytesRetrans: 10, totalRetrans: 2, lastDataSentMs: 9 }

const listening = () => {
  const accountant = new TrafficAccountant()
  accountant.beginLook(0)
  accountant.endLook()
  return accountant
}

test.each([
  ['a connection', {}, INFO, { receivedBytes: 11, sentBytes: 20, retransmits: 2, opened: 1, closed: 1 }],
  ['a listener, or what was never connected', { remotePort: 0 }, INFO, { sentBytes: 0, opened: 0 }],
  ['of UDP', { table: 'udp' as const }, INFO, { sentBytes: 0, opened: 0 }],
  ['of a kernel without counts', {}, { totalRetrans: 1 }, { retransmits: 0, opened: 0 }],
  ['nothing moved since the first look', {}, { ...INFO, lastDataSentMs: 200 }, { sentBytes: 0, opened: 0 }],
])('%s', (_, row, info, totals) => {
  const accountant = listening()
  tellEnd(accountant, closing(row, info), () => undefined, 100)
  expect(accountant.totals).toMatchObject(totals)
})

test('the owner of what listens on the local port gets it', () => {
  const accountant = listening()
  const nginx = accountant.owners.numberOf({ pid: 7, program: 'nginx' })
  tellEnd(accountant, closing({}, INFO), port => (port === 80 ? nginx : undefined), 100)
  expect(accountant.owners.countersOf(nginx)).toMatchObject({ sentBytes: 20, closed: 1 })
})

test('a connection that its program reset has lost its peer, and is known by its cookie', () => {
  const accountant = listening()
  accountant.beginLook(10)
  accountant.see({ cookie: 5, received: 0, sent: 7, retransmits: 0, dataSegmentsIn: 0, finReceived: false, owner: 0 })
  accountant.endLook()
  tellEnd(accountant, closing({ remotePort: 0 }, { bytesReceived: 0 }), () => undefined, 100)
  expect(accountant.totals).toMatchObject({ sentBytes: 7, closed: 1 })
})

test('cookies beyond what a number holds keep their value', () => {
  expect([keyOf('5'), keyOf('18446744073709551615')]).toEqual([5, 2n ** 64n - 1n])
})

test('before Linux 4.19 what was acknowledged stands for what was sent', () => {
  expect(sentBytes({ bytesAcked: 3 } as TcpInfo)).toBe(3)
})
