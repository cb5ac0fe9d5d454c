import { formatIp } from '../model/ip-address.ts'
import type { InetRow, InetTable } from '../model/inet-row.ts'
import { QUOTE_BYTES, type BogusLine } from './bogus-line.ts'

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
  const addresses = new Map<string, string>()
  const hasDrops = !table.startsWith('tcp')
  const end = bytes.length
  let at = 0
  let stop = 0

  const skipBlanks = () => {
    while (at < stop && bytes[at] === BLANK) at += 1
  }
  /** Value of the digits at `at`, -1 where there are none; the cursor ends behind them. */
  const hex = (): number => {
    const from = at
    let value = 0
    for (; at < stop; at += 1) {
      const digit = HEX[bytes[at]!]!
      if (digit < 0) break
      value = value * 16 + digit
    }
    return at === from ? -1 : value
  }
  const decimal = (): number => {
    const from = at
    let value = 0
    for (; at < stop; at += 1) {
      const digit = bytes[at]! - ZERO
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    return at === from ? -1 : value
  }
  const colon = (): boolean => bytes[at] === COLON && at++ < stop
  const address = (): string | undefined => {
    const from = at
    while (at < stop && HEX[bytes[at]!]! >= 0) at += 1
    if (at - from !== 8 && at - from !== 32) return undefined
    const digits = bytes.toString('latin1', from, at)
    let text = addresses.get(digits)
    if (text === undefined) addresses.set(digits, (text = formatIp(addressBytes(digits, littleEndian))))
    return text
  }
  const word = (): string => {
    const from = at
    while (at < stop && bytes[at] !== BLANK) at += 1
    return bytes.toString('latin1', from, at)
  }

  const row = (): InetRow | undefined => {
    skipBlanks()
    const slot = decimal()
    if (slot < 0 || !colon()) return undefined
    skipBlanks()
    const localAddress = address()
    if (localAddress === undefined || !colon()) return undefined
    const localPort = hex()
    skipBlanks()
    const remoteAddress = address()
    if (remoteAddress === undefined || !colon()) return undefined
    const remotePort = hex()
    skipBlanks()
    const state = hex()
    skipBlanks()
    const txQueueBytes = hex()
    if (!colon()) return undefined
    const rxQueueBytes = hex()
    skipBlanks()
    const timer = hex()
    if (!colon()) return undefined
    const timerTicks = hex()
    skipBlanks()
    const retransmits = hex()
    skipBlanks()
    const uid = decimal()
    skipBlanks()
    const probes = decimal()
    skipBlanks()
    const inodeAt = at
    const inodeValue = decimal()
    // Every number is -1 where its digits were missing.
    if (
      Math.min(
        localPort,
        remotePort,
        state,
        txQueueBytes,
        rxQueueBytes,
        timer,
        timerTicks,
        retransmits,
        uid,
        probes,
        inodeValue,
      ) < 0
    )
      return undefined
    const inode = inodeValue === 0 ? '0' : bytes.toString('latin1', inodeAt, at)
    skipBlanks()
    const refs = decimal()
    skipBlanks()
    const pointer = word()
    skipBlanks()
    const drops = hasDrops ? decimal() : -1
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

  for (let line = 1, from = 0; from < end; line += 1, from = stop + 1) {
    stop = bytes.indexOf(NEWLINE, from)
    if (stop === -1) stop = end
    if (line === 1 || isBlankLine(bytes, from, stop)) continue
    at = from
    const parsed = row()
    if (parsed === undefined)
      bogus.push({
        file: `net/${table}`,
        line,
        text: bytes.toString('latin1', from, Math.min(stop, from + QUOTE_BYTES)),
      })
    else rows.push(parsed)
  }
  return { rows, bogus }
}

const BLANK = 0x20
const NEWLINE = 0x0a
const COLON = 0x3a
const ZERO = 0x30

/** Byte → value of the hex digit it stands for, -1 for any other byte. */
const HEX = Int8Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase())
  return digit
})

function isBlankLine(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] !== BLANK) return false
  return true
}

/** Hex words as printed → address bytes in network order. */
export function addressBytes(digits: string, littleEndian: boolean): Uint8Array {
  const bytes = Buffer.from(digits, 'hex')
  return littleEndian ? bytes.swap32() : bytes
}
