import { expect, test } from 'vitest'
import { tcpListener, tcpSocket } from '../../../test/support/a-socket.ts'
import { dumpOf } from '../../../test/support/socket-dump.ts'
import { inetSockets } from '../diag/decode/inet-sockets.ts'
import { TrafficAccountant } from './accountant.ts'
import { seeDump } from './see-dump.ts'
import { NO_OWNER, RowsOfLook, TrafficRows } from './traffic-rows.ts'

test('rows of a dump are those that are read whole', () => {
  const dump = dumpOf('tcp')
  const gathered = new RowsOfLook()
  const accountant = new TrafficAccountant()
  accountant.beginLook(0)
  seeDump(
    dump,
    accountant,
    () => undefined,
    (at, end, place) => gathered.add(dump, at, end, place),
  )
  const rows = gathered.rows()
  const { rows: whole, facts } = inetSockets(dump)
  expect(rows.length).toBe(whole.length)
  whole.forEach((row, i) => {
    expect(rows.socketAt(i).row).toEqual(row)
    expect(rows.addressesAt(i)).toEqual({ local: row.localAddress, remote: row.remoteAddress })
    expect([rows.state[i], rows.localPort[i], rows.remotePort[i], rows.unread[i]]).toEqual([
      row.state,
      row.localPort,
      row.remotePort,
      row.rxQueueBytes,
    ])
    expect(rows.unsent[i]).toBe(row.acceptQueueLimit ?? row.txQueueBytes)
    expect([rows.keyAt(i), rows.inodeAt(i)]).toEqual([facts[i]!.cookie, row.inode])
    expect(rows.rttUs[i]).toBe(facts[i]!.tcpInfo?.rttUs ?? Number.NaN)
  })
  expect(rows.owner.every(owner => owner === NO_OWNER)).toBe(true)
})

test('rows of /proc: what it does not tell is not a number', () => {
  const rows = new TrafficRows([tcpSocket({ txQueueBytes: 5 }), tcpListener({ rxQueueBytes: 2 })])
  expect([...rows.unsent]).toEqual([5, Number.NaN])
  expect([...rows.unread]).toEqual([0, 2])
  expect([...rows.received]).toEqual([Number.NaN, Number.NaN])
  expect(rows.keyAt(0)).toBe('127.0.0.1 8080 127.0.0.1 40000 1000')
})
