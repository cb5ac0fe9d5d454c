import { isTimeWaitSocket, type InetRow, type TcpTable } from '../tables/inet-row.ts'
import { addressBytes, IPV4_ROW, IPV6_ROW, type RowOffsets } from '../tables/tcp-row.ts'
import { formatIp, unmapIp } from '../../kernel/ip-address.ts'
import { FIN_WAIT2, TIME_WAIT } from '../../kernel/tcp-state.ts'
import { TCP_TIMER } from '../../kernel/tcp-timer.ts'
import type { FindTimeWait, TimeWaitTable } from './time-wait-table.ts'
import type { BogusLine } from '../../proc/bogus-line.ts'
import { TimeWaitTableBuilder } from './time-wait-table-builder.ts'
import { parseInetTable } from '../tables/inet.ts'

/** A table as /proc prints it. */
export interface TcpText {
  table: TcpTable
  bytes: Buffer
}

export interface TcpTables {
  timeWait: TimeWaitTable
  find: FindTimeWait
  /** Rows of a TIME_WAIT socket that had one already: the kernel walks its table while connections come and go. */
  duplicates: number
  /** All other rows. */
  rows: InetRow[]
  bogus: BogusLine[]
}

/**
 * /proc/net/tcp and tcp6 with their TIME_WAIT sockets in columns.
 *
 * Source: Linux net/ipv4/tcp_ipv4.c get_timewait4_sock, net/ipv6/tcp_ipv6.c get_timewait6_sock.
 * One line: `   6: 0100007F:2710 0100007F:1F90 06 00000000:00000000 03:0000175B 00000000     0        0 0 3 00000000863ee25c`.
 * Behind the slot every column of it has a fixed place, so that such a row costs a few byte comparisons; whatever does
 * not look exactly like it is parsed by {@link parseInetTable}. The last row of a table that was cut short counts only
 * if it is whole up to its inode and one more column.
 */
export function parseTcpTables(tables: readonly TcpText[], littleEndian: boolean): TcpTables {
  const capacity = tables.reduce((rows, { bytes }) => rows + Math.ceil(bytes.length / SHORTEST_LINE), 1)
  const columns = new TimeWaitTableBuilder(capacity)
  const { addresses } = columns
  /** Number of the address whose digits stand at `from`. */
  const addressAt = (bytes: Buffer, from: number, width: number): number => {
    const key = width === IPV4_ROW.width ? hex8(bytes, from) : bytes.toString('latin1', from, from + width)
    const known = addresses.ofKey(key)
    if (known !== -1) return known
    const digits = bytes.toString('latin1', from, from + width)
    return addresses.learn(key, unmapIp(formatIp(addressBytes(digits, littleEndian))))
  }
  const addLine = (bytes: Buffer, at: number, row: RowOffsets) => {
    columns.add(
      addressAt(bytes, at, row.width),
      hex4(bytes, at + row.localPort),
      addressAt(bytes, at + row.remote, row.width),
      hex4(bytes, at + row.remotePort),
      bytes[at + row.state + 1]! - ZERO,
      hex8(bytes, at + row.timerTicks),
    )
  }

  const rows: InetRow[] = []
  const bogus: BogusLine[] = []
  for (const { table, bytes } of tables) {
    const others = parseInetTable(withoutTimeWait(bytes, addLine), table, littleEndian)
    bogus.push(...others.bogus)
    const cut = bytes.at(-1) !== NEWLINE
    for (const row of others.rows) {
      if (cut && row.refs === undefined) continue
      if (isTimeWaitSocket(row)) columns.addRow(row)
      else rows.push(row)
    }
  }
  return { timeWait: columns.table(), find: columns.find, duplicates: columns.duplicates, rows, bogus }
}

const SHORTEST_LINE = 64
const BLANK = 0x20
const NEWLINE = 0x0a
const COLON = 0x3a
const ZERO = 0x30
const NINE = 0x39

/** Hands every TIME_WAIT socket of a table to `add` and returns what is left: the heading and all other lines. */
function withoutTimeWait(bytes: Buffer, add: (bytes: Buffer, at: number, row: RowOffsets) => void): Buffer {
  const others: Buffer[] = []
  let otherFrom = 0
  // Lines of a table are mostly of one length: looking where the last one ended saves searching.
  let lineLength = 0
  for (let from = bytes.indexOf(NEWLINE) + 1; from > 0 && from < bytes.length;) {
    let at = from
    while (bytes[at] === BLANK) at += 1
    while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at += 1
    at += 2
    const row = bytes[at + IPV4_ROW.width] === COLON ? IPV4_ROW : IPV6_ROW
    const isTimeWait = looksTimeWait(bytes, at, row)
    let newline = from + lineLength
    if (!isTimeWait || bytes[newline] !== NEWLINE)
      newline = bytes.indexOf(NEWLINE, isTimeWait ? at + row.zeroInode + 2 : from)
    const next = newline === -1 ? bytes.length : newline + 1
    lineLength = next - 1 - from
    if (isTimeWait) {
      add(bytes, at, row)
      if (otherFrom < from) others.push(bytes.subarray(otherFrom, from))
      otherFrom = next
    }
    from = next
  }
  others.push(bytes.subarray(otherFrom))
  return Buffer.concat(others)
}

/** Whether the line with its local address at `at` is a TIME_WAIT socket as the kernel prints it, see isTimeWaitSocket. */
function looksTimeWait(bytes: Buffer, at: number, row: RowOffsets): boolean {
  const state = at + row.state
  const timer = at + row.timer
  const inode = at + row.zeroInode
  return (
    bytes[state] === ZERO &&
    (bytes[state + 1] === ZERO + TIME_WAIT || bytes[state + 1] === ZERO + FIN_WAIT2) &&
    bytes[state + 2] === BLANK &&
    bytes[timer] === ZERO &&
    bytes[timer + 1] === ZERO + TCP_TIMER.timeWait &&
    bytes[timer + 2] === COLON &&
    bytes[timer + 11] === BLANK &&
    bytes[inode - 1] === BLANK &&
    bytes[inode] === ZERO &&
    bytes[inode + 1] === BLANK &&
    bytes[at + row.localPort - 1] === COLON &&
    bytes[at + row.remotePort - 1] === COLON
  )
}

/** Byte → value of the hex digit it stands for. */
const HEX = Uint8Array.from({ length: 256 }, (_, byte) => Number.parseInt(String.fromCharCode(byte), 16) || 0)

function hex4(bytes: Buffer, at: number): number {
  return (HEX[bytes[at]!]! << 12) | (HEX[bytes[at + 1]!]! << 8) | (HEX[bytes[at + 2]!]! << 4) | HEX[bytes[at + 3]!]!
}

function hex8(bytes: Buffer, at: number): number {
  return hex4(bytes, at) * 65536 + hex4(bytes, at + 4)
}
