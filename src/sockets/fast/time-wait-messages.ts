import { unmapIp } from '../../kernel/ip-address.ts'
import { INET_AT, INET_MESSAGE_BYTES, InetReader } from '../diag/decode/inet-reader.ts'
import type { SocketDump } from '../diag/decode/socket-dump.ts'
import type { InetRow, TcpTable } from '../tables/inet-row.ts'
import type { TcpTables } from './tcp-tables.ts'
import { TimeWaitTableBuilder } from './time-wait-table-builder.ts'

/** Dumps of TCP sockets with those in TIME_WAIT in columns. */
export function parseTcpDumps(dumps: readonly SocketDump[]): TcpTables {
  const columns = new TimeWaitTableBuilder(
    dumps.reduce((rows, { wire }) => rows + Math.ceil(wire.bytes.length / INET_MESSAGE_BYTES), 1),
  )
  const { addresses } = columns
  const rows: InetRow[] = []
  for (const { family, wire, userHz } of dumps) {
    const reader = new InetReader(wire, family as TcpTable, userHz)
    const addressAt = (at: number): number => {
      const key = reader.addressKey(at)
      const known = addresses.ofKey(key)
      return known === -1 ? addresses.learn(key, unmapIp(reader.address(at))) : known
    }
    reader.forEach(at => {
      if (!reader.isTimeWait(at)) rows.push(reader.row(at))
      else
        columns.add(
          addressAt(at + INET_AT.local),
          wire.port(at + INET_AT.localPort),
          addressAt(at + INET_AT.remote),
          wire.port(at + INET_AT.remotePort),
          wire.u8(at + INET_AT.state),
          reader.ticks(at),
        )
    })
  }
  return { timeWait: columns.table(), find: columns.find, duplicates: columns.duplicates, rows, bogus: [] }
}
