import { isMiniSocket, type InetRow, type InetTable } from '../model/inet-row.ts'
import { formatIp, unmapIp } from '../model/ip-address.ts'
import type { FindMini, MiniSockets } from '../model/mini-sockets.ts'
import type { BogusLine } from './bogus-line.ts'
import { addressBytes, parseInetTable } from './proc-net-tcp.ts'

export interface TcpTablesText {
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
export function parseTcpTables(
  tables: readonly { table: InetTable; bytes: Buffer }[],
  littleEndian: boolean,
): TcpTablesText {
  const capacity = tables.reduce((rows, { bytes }) => rows + Math.ceil(bytes.length / SHORTEST_LINE), 1)
  const state = new Uint8Array(capacity)
  const ticks = new Uint32Array(capacity)
  const local = new Uint32Array(capacity)
  const localPort = new Uint16Array(capacity)
  const remote = new Uint32Array(capacity)
  const remotePort = new Uint16Array(capacity)
  const addresses = addressBook(littleEndian)
  // Open addressing; a slot holds row + 1, 0 is free.
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(capacity * 2)))
  const mask = slots.length - 1
  let length = 0
  let duplicates = 0

  /** The slot of the connection in row `row`, or the free one where it belongs. */
  const slotOf = (localAt: number, lport: number, remoteAt: number, rport: number): number => {
    let at = Math.imul(lport | (rport << 16), 0x9e3779b1) ^ Math.imul(localAt * 31 + remoteAt, 0x85ebca6b)
    at = (at ^ (at >>> 15)) & mask
    for (;;) {
      const row = slots[at]! - 1
      if (
        row < 0 ||
        (localPort[row] === lport && remotePort[row] === rport && local[row] === localAt && remote[row] === remoteAt)
      )
        return at
      at = (at + 1) & mask
    }
  }

  const keep = (localAt: number, lport: number, remoteAt: number, rport: number, kind: number, left: number) => {
    const slot = slotOf(localAt, lport, remoteAt, rport)
    let row = slots[slot]! - 1
    if (row < 0) {
      row = length
      length += 1
      slots[slot] = length
    } else duplicates += 1
    // Of two rows of one connection the later is the truer.
    local[row] = localAt
    localPort[row] = lport
    remote[row] = remoteAt
    remotePort[row] = rport
    state[row] = kind
    ticks[row] = left
  }
  const keepLine = (bytes: Buffer, at: number, width: number) => {
    const remoteFrom = at + width + 6
    keep(
      addresses.at(bytes, at, width),
      hex4(bytes, at + width + 1),
      addresses.at(bytes, remoteFrom, width),
      hex4(bytes, remoteFrom + width + 1),
      bytes[remoteFrom + width + 7]! - ZERO,
      hex8(bytes, remoteFrom + width + 30),
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
      if (!isMiniSocket(row)) rows.push(row)
      else
        keep(
          addresses.add(row.localAddress),
          row.localPort,
          addresses.add(row.remoteAddress),
          row.remotePort,
          row.state,
          row.timerTicks,
        )
    }
  }

  const find: FindMini = (localAddress, lport, remoteAddress, rport) => {
    const localAt = addresses.find(unmapIp(localAddress))
    const remoteAt = addresses.find(unmapIp(remoteAddress))
    if (localAt === undefined || remoteAt === undefined) return undefined
    const row = slots[slotOf(localAt, lport, remoteAt, rport)]! - 1
    return row < 0 ? undefined : row
  }
  return {
    minis: { length, state, ticks, local, localPort, remote, remotePort, addresses: addresses.texts },
    duplicates,
    find,
    rows,
    bogus,
  }
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

/** Numbers addresses as they come; hosts have few of them, so text is made once for each. */
function addressBook(littleEndian: boolean) {
  const texts: string[] = []
  const byText = new Map<string, number>()
  const byDigits = new Map<number | string, number>()
  const add = (address: string): number => {
    const text = unmapIp(address)
    const known = byText.get(text)
    if (known !== undefined) return known
    byText.set(text, texts.length)
    return texts.push(text) - 1
  }
  const ask = (bytes: Buffer, from: number, key: number | string, width: number): number => {
    let id = byDigits.get(key)
    if (id === undefined) {
      id = add(formatIp(addressBytes(bytes.toString('latin1', from, from + width), littleEndian)))
      byDigits.set(key, id)
    }
    return id
  }
  // The IPv4 addresses of the rows before, by a hash of their words: nearly always the answer, without a look-up.
  const recentWord = new Float64Array(256).fill(-1)
  const recentId = new Uint32Array(256)
  return {
    texts,
    add,
    find: (text: string) => byText.get(text),
    at(bytes: Buffer, from: number, width: number): number {
      if (width !== 8) return ask(bytes, from, bytes.toString('latin1', from, from + width), width)
      const word = hex8(bytes, from)
      const at = (word ^ (word >>> 24)) & 255
      if (recentWord[at] !== word) {
        recentId[at] = ask(bytes, from, word, width)
        recentWord[at] = word
      }
      return recentId[at]!
    },
  }
}
