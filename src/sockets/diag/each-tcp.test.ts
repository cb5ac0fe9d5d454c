import { expect, test } from 'vitest'
import { dumpEnd, dumpOf, recordedDump } from '../../../test/support/socket-dump.ts'
import { inetSockets } from './decode/inet-sockets.ts'
import { forEachTcp } from './each-tcp.ts'

test.each(['tcp', 'tcp6'] as const)('sockets of %s pass by with the values of their rows', family => {
  const seen: object[] = []
  const end = forEachTcp(dumpOf(family), socket => {
    const { table, state, localAddress, localPort, rxQueueBytes, txQueueBytes, acceptQueueLimit, inode } = socket
    seen.push({ table, state, localAddress, localPort, rxQueueBytes, txQueueBytes, acceptQueueLimit, inode })
  })
  const rows = inetSockets(dumpOf(family)).rows.map(row => ({
    table: row.table,
    state: row.state,
    localAddress: row.localAddress,
    localPort: row.localPort,
    rxQueueBytes: row.rxQueueBytes,
    txQueueBytes: row.txQueueBytes,
    acceptQueueLimit: row.acceptQueueLimit,
    inode: Number(row.inode),
  }))
  expect(rows.length).toBeGreaterThan(0)
  expect(seen).toEqual(rows)
  expect(end).toEqual({ whole: true, interrupted: false })
})

test('a dump that ends too early is not whole', () => {
  const bytes = recordedDump('tcp')
  const end = forEachTcp(dumpOf('tcp', bytes.subarray(0, bytes.length - dumpEnd().length)), () => {})
  expect(end.whole).toBe(false)
})
