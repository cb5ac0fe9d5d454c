import { describe, expect, test } from 'vitest'
import { dumpOf } from '../../../test/support/socket-dump.ts'
import { unmapIp } from '../../kernel/ip-address.ts'
import { inetSockets } from '../diag/decode/inet-sockets.ts'
import { isTimeWaitSocket, type InetRow } from '../tables/inet-row.ts'
import { parseTcpDumps } from './time-wait-messages.ts'

const connection = (row: InetRow) =>
  `${unmapIp(row.localAddress)} ${row.localPort} ${unmapIp(row.remoteAddress)} ${row.remotePort}`

describe('TCP sockets of the kernel with TIME_WAIT in columns', () => {
  const dumps = [dumpOf('tcp'), dumpOf('tcp6')]
  const all = dumps.flatMap(dump => inetSockets(dump).rows)
  const timeWait = all.filter(isTimeWaitSocket)

  test('the same sockets as in rows', () => {
    const tables = parseTcpDumps(dumps)
    expect(timeWait.map(connection)).toEqual([
      '127.0.0.1 3030 127.0.0.1 8080',
      '127.0.0.1 3031 127.0.0.1 8080',
      '::1 443 ::1 3032',
    ])
    expect(tables.rows).toEqual(all.filter(row => !isTimeWaitSocket(row)))
    expect([tables.timeWait.length, tables.duplicates, tables.bogus]).toEqual([3, 0, []])
    for (const row of timeWait) {
      const at = tables.find(row.localAddress, row.localPort, row.remoteAddress, row.remotePort)!
      expect([tables.timeWait.state[at], tables.timeWait.ticks[at]]).toEqual([row.state, row.timerTicks])
    }
  })

  test('a socket that is dumped twice counts once', () => {
    const { timeWait: table, duplicates } = parseTcpDumps([dumpOf('tcp'), dumpOf('tcp')])
    expect([table.length, duplicates]).toEqual([2, 2])
  })
})
