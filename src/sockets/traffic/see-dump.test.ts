import { expect, test } from 'vitest'
import { dumpOf } from '../../../test/support/socket-dump.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { INET_ATTRIBUTE } from '../diag/decode/inet-facts.ts'
import { INET_MESSAGE_BYTES } from '../diag/decode/inet-reader.ts'
import { inetSockets } from '../diag/decode/inet-sockets.ts'
import type { SocketDump } from '../diag/decode/socket-dump.ts'
import { TCP_INFO_FIELDS, tcpInfoPlace } from '../diag/decode/tcp-info-fields.ts'
import { forEachSocket } from '../diag/decode/wire.ts'
import { TrafficAccountant } from './accountant.ts'
import { seeDump } from './see-dump.ts'
import { keyOf, sentBytes } from './tell-end.ts'

/** The recorded connections have carried nothing: give each some bytes, other ones each. */
function withBytes(dump: SocketDump): SocketDump {
  const { bytes } = dump.wire
  let next = 1000
  forEachSocket(dump.wire, 72, (at, end) => {
    const info = dump.wire.attribute(INET_ATTRIBUTE.info, at + INET_MESSAGE_BYTES, end)
    if (info === -1) return
    for (const name of ['bytesReceived', 'bytesSent', 'bytesRetrans'] as const)
      bytes.writeBigUInt64LE(
        name === 'bytesRetrans' ? 7n : BigInt((next += 1)),
        info + TCP_INFO_FIELDS[tcpInfoPlace(name)]!.at,
      )
  })
  return dump
}

const dump = withBytes(dumpOf('tcp'))
const { rows, facts } = inetSockets(dump)

test('hands over what the kernel counted of each connection, and asks for its owner', () => {
  const accountant = new TrafficAccountant()
  const owner = accountant.owners.numberOf({ pid: 1, program: 'all' })
  const asked: number[] = []
  const ofAll = (inode: number) => {
    asked.push(inode)
    return owner
  }
  accountant.beginLook(0)
  accountant.endLook()
  accountant.beginLook(1000)
  const visited: [place: number, state: number][] = []
  const end = seeDump(dump, accountant, ofAll, (_at, _end, place, state) => visited.push([place, state]))
  accountant.endLook()
  expect(end).toEqual({ whole: true, interrupted: false })
  expect(visited.map(([, state]) => state)).toEqual(rows.map(({ state }) => state))

  const connections = rows.flatMap((row, i) => {
    const { cookie, tcpInfo } = facts[i]!
    return tcpInfo !== undefined && row.state !== TCP_STATE.listen && row.state !== TCP_STATE.synSent
      ? [{ row, cookie, tcpInfo }]
      : []
  })
  expect(connections.length).toBeGreaterThan(0)
  expect(accountant.totals.opened).toBe(connections.length)
  expect(accountant.totals.sentBytes).toBe(connections.reduce((sum, { tcpInfo }) => sum + sentBytes(tcpInfo), 0))
  const received = connections.reduce((sum, { row, tcpInfo }) => {
    const fin = [TCP_STATE.closeWait, TCP_STATE.lastAck, TCP_STATE.closing].some(state => state === row.state) ? 1 : 0
    return sum + Math.max(0, tcpInfo.bytesReceived! - fin)
  }, 0)
  expect(accountant.totals.receivedBytes).toBe(received)
  expect(received).toBeGreaterThan(1000)
  for (const { cookie } of connections) expect(accountant.knows(keyOf(cookie))).toBe(true)
  expect(asked).toEqual(connections.filter(({ row }) => row.inode !== '0').map(({ row }) => Number(row.inode)))
})

test('listeners and what only begins are no connections', () => {
  const accountant = new TrafficAccountant()
  accountant.beginLook(0)
  const places: number[] = []
  seeDump(
    dump,
    accountant,
    () => undefined,
    (_at, _end, place, state) => {
      if (state === TCP_STATE.listen || state === TCP_STATE.synSent) places.push(place)
    },
  )
  expect(places.length).toBeGreaterThan(0)
  expect(new Set(places)).toEqual(new Set([-1]))
})
