import { describe, expect, test } from 'vitest'
import { dumpEnd, dumpOf } from '../../../test/support/socket-dump.ts'
import { INET_ATTRIBUTE } from '../diag/decode/inet-facts.ts'
import { INET_MESSAGE_BYTES } from '../diag/decode/inet-reader.ts'
import { inetSockets } from '../diag/decode/inet-sockets.ts'
import type { SocketDump } from '../diag/decode/socket-dump.ts'
import { TCP_INFO_FIELDS, tcpInfoPlace } from '../diag/decode/tcp-info-fields.ts'
import { forEachSocket } from '../diag/decode/wire.ts'
import type { Closing, Closings } from '../diag/closings.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { DumpTraffic } from './dump-traffic.ts'
import { TrafficOwners, UNKNOWN_OWNER } from './traffic-owners.ts'

const NGINX = { pid: 0, program: 'nginx', unit: '', container: '' }

/** The recorded connections have carried nothing: each gets some bytes. */
function busyDump(): SocketDump {
  const dump = dumpOf('tcp')
  forEachSocket(dump.wire, 72, (at, end) => {
    const info = dump.wire.attribute(INET_ATTRIBUTE.info, at + INET_MESSAGE_BYTES, end)
    const place = TCP_INFO_FIELDS[tcpInfoPlace('bytesReceived')]!.at
    if (info !== -1) dump.wire.bytes.writeBigUInt64LE(4000n, info + place)
  })
  return dump
}

const { rows, facts } = inetSockets(busyDump())
const busy = rows.findIndex(({ state, inode }) => state === TCP_STATE.established && inode !== '0')
const row = rows[busy]!
const info = facts[busy]!.tcpInfo!

/** Ends that the kernel tells, as they are put there. */
function ends() {
  const told: Closing[] = []
  const closings: Closings = { read: () => told.splice(0), lost: () => 3, close() {} }
  return { told, closings }
}

const totalOf = (owners: TrafficOwners, program: string | undefined) =>
  owners.groups().find(({ group }) => (group === 'other' ? 'other' : group?.program) === program)!.counters

describe('traffic from dumps', () => {
  test('what was carried before the first look does not count, what its end tells more does, once', () => {
    const owners = new TrafficOwners()
    const nginx = owners.numberOf(NGINX)
    const { told, closings } = ends()
    const traffic = new DumpTraffic(owners, closings, inode => (inode === Number(row.inode) ? nginx : UNKNOWN_OWNER))
    traffic.look([busyDump()], 1000)
    expect(totalOf(owners, 'nginx').receivedBytes).toBe(0)
    const grown = { ...info, bytesReceived: info.bytesReceived! + 500, dataSegsIn: (info.dataSegsIn ?? 0) + 1 }
    const closing = { row, kernel: { cookie: facts[busy]!.cookie, tcpInfo: grown } }
    told.push(closing, closing)
    traffic.hear(2000)
    expect(totalOf(owners, 'nginx').receivedBytes).toBe(500)
    traffic.look([dumpOf('tcp', dumpEnd())], 3000)
    expect(totalOf(owners, 'nginx').receivedBytes).toBe(500)
    expect(traffic.lost()).toBe(3)
  })

  test('bytes of a connection whose owner nobody has searched wait until somebody has', () => {
    const owners = new TrafficOwners()
    const nginx = owners.numberOf(NGINX)
    let isSearched = false
    const traffic = new DumpTraffic(owners, ends().closings, inode =>
      !isSearched ? undefined : inode === Number(row.inode) ? nginx : UNKNOWN_OWNER,
    )
    // After a look that shows nothing the connection is new: all of its bytes count.
    traffic.look([dumpOf('tcp', dumpEnd())], 1000)
    traffic.look([busyDump()], 2000)
    expect(totalOf(owners, 'nginx').receivedBytes).toBe(0)
    isSearched = true
    traffic.look([busyDump()], 3000)
    expect(totalOf(owners, 'nginx').receivedBytes).toBe(4000)
  })
})
