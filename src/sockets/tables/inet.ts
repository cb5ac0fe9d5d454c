import { formatIp } from '../../kernel/ip-address.ts'
import type { InetRow, InetTable } from './inet-row.ts'
import { addressBytes } from './tcp-row.ts'
import { QUOTE_BYTES, type BogusLine } from '../../proc/bogus-line.ts'

export interface InetTableText {
  rows: InetRow[]
  bogus: BogusLine[]
}

/**
 * Rows of /proc/net/tcp and the tables that share its form (udp, udplite, raw, icmp, each with a 6).
 *
 * Source: Linux net/ipv4/tcp_ipv4.c, udp.c, raw.c; Documentation/networking/proc_net_tcp.rst.
 * One line: `   0: 0100007F:2742 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 500738 1 0000000097090c29 100 0 0 10 0`.
 * Addresses are 32-bit words in the byte order of the machine that printed them, hence `littleEndian`; ports and
 * queues are plain hex; retransmits are hex, uid, probes and inode decimal. TIME_WAIT and SYN_RECV rows end after the
 * pointer, the last line may lack its newline. A line with fewer than the ten columns up to the inode is bogus.
 * Does not show: sockets that are neither bound nor connected, and the limit of an accept queue.
 */
export function parseInetTable(bytes: Buffer, table: InetTable, littleEndian: boolean): InetTableText {
  const rows: InetRow[] = []
  const bogus: BogusLine[] = []
  const cursor: Cursor = { bytes, at: 0, stop: 0 }
  const addresses: KnownAddresses = { littleEndian, known: new Map() }
  for (let line = 1, from = 0; from < bytes.length; line += 1, from = cursor.stop + 1) {
    const stop = bytes.indexOf(NEWLINE, from)
    cursor.at = from
    cursor.stop = stop === -1 ? bytes.length : stop
    if (line === 1 || isBlankLine(bytes, from, cursor.stop)) continue
    const row = readRow(cursor, table, addresses)
    if (row !== undefined) rows.push(row)
    else {
      const text = bytes.toString('latin1', from, Math.min(cursor.stop, from + QUOTE_BYTES))
      bogus.push({ file: `net/${table}`, line, text })
    }
  }
  return { rows, bogus }
}

/** A place in one row of a table; what is read moves it on. */
interface Cursor {
  readonly bytes: Buffer
  at: number
  /** End of the row. */
  stop: number
}

interface KnownAddresses {
  littleEndian: boolean
  /** Digits, or for IPv4 their value → address as text. */
  known: Map<string | number, string>
}

/** Undefined where a field is not what it should be. */
function readRow(cursor: Cursor, table: InetTable, addresses: KnownAddresses): InetRow | undefined {
  const slot = decimal(cursor)
  if (slot < 0 || !colon(cursor)) return undefined
  const localAddress = address(cursor, addresses)
  if (localAddress === undefined || !colon(cursor)) return undefined
  const localPort = hex(cursor)
  const remoteAddress = address(cursor, addresses)
  if (remoteAddress === undefined || !colon(cursor)) return undefined
  const remotePort = hex(cursor)
  const state = hex(cursor)
  const txQueueBytes = hex(cursor)
  if (!colon(cursor)) return undefined
  const rxQueueBytes = hex(cursor)
  const timer = hex(cursor)
  if (!colon(cursor)) return undefined
  const timerTicks = hex(cursor)
  const retransmits = hex(cursor)
  const uid = decimal(cursor)
  const probes = decimal(cursor)
  skipBlanks(cursor)
  const inodeAt = cursor.at
  const inodeValue = decimal(cursor)
  // Every number is -1 where its digits were missing.
  if (localPort < 0 || remotePort < 0 || state < 0 || txQueueBytes < 0 || rxQueueBytes < 0) return undefined
  if (timer < 0 || timerTicks < 0 || retransmits < 0 || uid < 0 || probes < 0 || inodeValue < 0) return undefined
  const inode = inodeValue === 0 ? '0' : cursor.bytes.toString('latin1', inodeAt, cursor.at)
  const refs = decimal(cursor)
  const pointer = word(cursor)
  const drops = table.startsWith('tcp') ? -1 : decimal(cursor)
  return {
    table,
    slot,
    localAddress,
    localPort,
    remoteAddress,
    remotePort,
    state,
    txQueueBytes,
    rxQueueBytes,
    timer,
    timerTicks,
    retransmits,
    uid,
    probes,
    inode,
    refs: refs < 0 ? undefined : refs,
    pointer: pointer === '' ? undefined : pointer,
    drops: drops < 0 ? undefined : drops,
  }
}

function skipBlanks(cursor: Cursor): void {
  const { bytes, stop } = cursor
  let { at } = cursor
  while (at < stop && bytes[at] === BLANK) at += 1
  cursor.at = at
}

/** Value of the digits that come next, -1 where there are none. */
function hex(cursor: Cursor): number {
  skipBlanks(cursor)
  const { bytes, stop, at: from } = cursor
  let at = from
  let value = 0
  for (; at < stop; at += 1) {
    const digit = HEX[bytes[at]!]!
    if (digit < 0) break
    value = value * 16 + digit
  }
  cursor.at = at
  return at === from ? -1 : value
}

function decimal(cursor: Cursor): number {
  skipBlanks(cursor)
  const { bytes, stop, at: from } = cursor
  let at = from
  let value = 0
  for (; at < stop; at += 1) {
    const digit = bytes[at]! - ZERO
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  cursor.at = at
  return at === from ? -1 : value
}

function colon(cursor: Cursor): boolean {
  if (cursor.at >= cursor.stop || cursor.bytes[cursor.at] !== COLON) return false
  cursor.at += 1
  return true
}

function word(cursor: Cursor): string {
  skipBlanks(cursor)
  const { bytes, stop, at: from } = cursor
  let at = from
  while (at < stop && bytes[at] !== BLANK) at += 1
  cursor.at = at
  return bytes.toString('latin1', from, at)
}

function address(cursor: Cursor, { littleEndian, known }: KnownAddresses): string | undefined {
  skipBlanks(cursor)
  const from = cursor.at
  const value = hex(cursor)
  const length = cursor.at - from
  if (length !== 8 && length !== 32) return undefined
  const key = length === 8 ? value : cursor.bytes.toString('latin1', from, cursor.at)
  let text = known.get(key)
  if (text === undefined) {
    text = formatIp(addressBytes(cursor.bytes.toString('latin1', from, cursor.at), littleEndian))
    known.set(key, text)
  }
  return text
}

const BLANK = 0x20
const NEWLINE = 0x0a
const COLON = 0x3a
const ZERO = 0x30

/** Byte → value of the hex digit it stands for, -1 for any other byte. */
const HEX = Int8Array.from({ length: 256 }, (_, byte) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase()),
)

function isBlankLine(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] !== BLANK) return false
  return true
}
