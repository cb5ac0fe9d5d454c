import { isMiniSocket, type InetRow, type TcpTable } from '../tables/inet-row.ts'
import { formatIp, unmapIp } from '../../kernel/ip-address.ts'
import type { FindMini, MiniSockets } from './time-wait-sockets.ts'
import type { BogusLine } from '../../proc/bogus-line.ts'
import { MiniColumns } from './time-wait-columns.ts'
import { addressBytes, parseInetTable } from '../tables/inet.ts'

/** A table as /proc prints it. */
export interface TcpText {
  table: TcpTable
  bytes: Buffer
}

export interface TcpTables {
  minis: MiniSockets
  find: FindMini
  /** Rows that told a mini-socket a second time: the kernel walks its table while connections come and go. */
  duplicates: number
  /** Rows that are more than mini-sockets. */
  rows: InetRow[]
  bogus: BogusLine[]
}

/**
 * /proc/net/tcp and tcp6 with their mini-sockets in columns.
 *
 * Source: Linux net/ipv4/tcp_ipv4.c get_timewait4_sock, net/ipv6/tcp_ipv6.c get_timewait6_sock.
 * One line: `   6: 0100007F:2710 0100007F:1F90 06 00000000:00000000 03:0000175B 00000000     0        0 0 3 00000000863ee25c`.
 * Behind the slot every column of it has a fixed place, so that such a row costs a few byte comparisons; whatever does
 * not look exactly like it goes the general way, {@link parseInetTable}. The last row of a table that was cut short
 * counts only if it is whole up to its inode and one more column.
 */
export function parseTcpTables(tables: readonly TcpText[], littleEndian: boolean): TcpTables {
  const capacity = tables.reduce((rows, { bytes }) => rows + Math.ceil(bytes.length / SHORTEST_LINE), 1)
  const columns = new MiniColumns(capacity)
  const { addresses } = columns
  /** Number of the address whose digits stand at `from`. */
  const addressAt = (bytes: Buffer, from: number, width: number): number => {
    const key = width === 8 ? hex8(bytes, from) : bytes.toString('latin1', from, from + width)
    const known = typeof key === 'number' ? addresses.ofWord(key) : addresses.ofDigits(key)
    if (known !== -1) return known
    const digits = bytes.toString('latin1', from, from + width)
    return addresses.learn(key, unmapIp(formatIp(addressBytes(digits, littleEndian))))
  }
  const keepLine = (bytes: Buffer, at: number, width: number) => {
    const remoteAt = at + width + 6
    columns.keep(
      addressAt(bytes, at, width),
      hex4(bytes, at + width + 1),
      addressAt(bytes, remoteAt, width),
      hex4(bytes, remoteAt + width + 1),
      bytes[remoteAt + width + 7]! - ZERO,
      hex8(bytes, remoteAt + width + 30),
    )
  }

  const rows: InetRow[] = []
  const bogus: BogusLine[] = []
  for (const { table, bytes } of tables) {
    const others = parseInetTable(withoutMiniSockets(bytes, keepLine), table, littleEndian)
    bogus.push(...others.bogus)
    const cut = bytes.at(-1) !== NEWLINE
    for (const row of others.rows) {
      if (cut && row.refs === undefined) continue
      if (isMiniSocket(row)) columns.keepRow(row)
      else rows.push(row)
    }
  }
  return { minis: columns.minis(), find: columns.find, duplicates: columns.duplicates, rows, bogus }
}

const SHORTEST_LINE = 64
const BLANK = 0x20
const NEWLINE = 0x0a
const COLON = 0x3a
const ZERO = 0x30
const NINE = 0x39

/** Hands every mini-socket of a table to `keep` and returns what is left: the heading and all other lines. */
function withoutMiniSockets(bytes: Buffer, keep: (bytes: Buffer, at: number, width: number) => void): Buffer {
  const others: Buffer[] = []
  let otherFrom = 0
  // Lines of a table are mostly of one length: looking where the last one ended saves searching.
  let lineLength = 0
  for (let from = bytes.indexOf(NEWLINE) + 1; from > 0 && from < bytes.length;) {
    let at = from
    while (bytes[at] === BLANK) at += 1
    while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at += 1
    at += 2
    const width = bytes[at + 8] === COLON ? 8 : 32
    const isMini = looksMini(bytes, at, width)
    let newline = from + lineLength
    if (!isMini || bytes[newline] !== NEWLINE) newline = bytes.indexOf(NEWLINE, isMini ? at + 2 * width + 71 : from)
    const next = newline === -1 ? bytes.length : newline + 1
    lineLength = next - 1 - from
    if (isMini) {
      keep(bytes, at, width)
      if (otherFrom < from) others.push(bytes.subarray(otherFrom, from))
      otherFrom = next
    }
    from = next
  }
  others.push(bytes.subarray(otherFrom))
  return Buffer.concat(others)
}

/** Whether the line with its local address at `at` is a mini-socket as the kernel prints it: state 05 or 06, timer 03, inode 0. */
function looksMini(bytes: Buffer, at: number, width: number): boolean {
  const state = at + 2 * width + 12
  const timer = state + 21
  const inode = state + 57
  return (
    bytes[state] === ZERO &&
    (bytes[state + 1] === ZERO + 6 || bytes[state + 1] === ZERO + 5) &&
    bytes[state + 2] === BLANK &&
    bytes[timer] === ZERO &&
    bytes[timer + 1] === ZERO + 3 &&
    bytes[timer + 2] === COLON &&
    bytes[timer + 11] === BLANK &&
    bytes[inode - 1] === BLANK &&
    bytes[inode] === ZERO &&
    bytes[inode + 1] === BLANK &&
    bytes[at + width] === COLON &&
    bytes[at + 2 * width + 6] === COLON
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
