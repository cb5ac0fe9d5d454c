import type { InetRow, TcpTable } from '../tables/inet-row.ts'
import { formatIp, unmapIp } from '../../kernel/ip-address.ts'
import { FIN_WAIT2, TCP_STATE, TIME_WAIT } from '../../kernel/tcp-state.ts'
import { TCP_TIMER } from '../../kernel/tcp-timer.ts'
import { TimeWaitTableBuilder } from './time-wait-table-builder.ts'
import type { TcpTables } from './tcp-tables.ts'

/** What the kernel answers when it is asked for the sockets of a table, one message each. */
export interface TcpMessages {
  table: TcpTable
  bytes: Buffer
  /** Byte order and ticks per second of the machine that answered. */
  littleEndian: boolean
  userHz: number
}

/**
 * TCP sockets as the kernel hands them to ss: struct nlmsghdr (16 bytes), struct inet_diag_msg (72), attributes. The
 * rows are those of /proc/net/tcp without what the answer lacks: references, pointer, the user of a connection that is
 * not yet accepted, and either retransmits or unanswered probes, whichever the timer does not wait for.
 *
 * Source: Linux include/uapi/linux/inet_diag.h, net/ipv4/inet_diag.c. Addresses and ports are in network order, all
 * else in that of the machine; times are milliseconds.
 */
export function parseInetDiag(messages: TcpMessages): InetRow[] {
  const reader = new MessageReader(messages)
  const rows: InetRow[] = []
  reader.forEach(at => rows.push(reader.row(at)))
  return rows
}

/** The same with the TIME_WAIT sockets in columns. */
export function parseTcpMessages(dumps: readonly TcpMessages[]): TcpTables {
  const columns = new TimeWaitTableBuilder(
    dumps.reduce((rows, { bytes }) => rows + Math.ceil(bytes.length / MESSAGE_BYTES), 1),
  )
  const { addresses } = columns
  const rows: InetRow[] = []
  for (const dump of dumps) {
    const reader = new MessageReader(dump)
    const addressAt = (at: number): number => {
      const key = reader.addressKey(at)
      const known = addresses.ofKey(key)
      return known === -1 ? addresses.learn(key, unmapIp(reader.address(at))) : known
    }
    reader.forEach(at => {
      if (!reader.isTimeWait(at)) rows.push(reader.row(at))
      else
        columns.add(
          addressAt(at + SOURCE),
          reader.port(at + SOURCE_PORT),
          addressAt(at + DESTINATION),
          reader.port(at + DESTINATION_PORT),
          dump.bytes[at + STATE]!,
          reader.ticks(at),
        )
    })
  }
  return { timeWait: columns.table(), find: columns.find, duplicates: columns.duplicates, rows, bogus: [] }
}

/** Header and struct inet_diag_msg. */
const MESSAGE_BYTES = 88
const SOCK_DIAG_BY_FAMILY = 20

// Offsets from the beginning of a message.
const STATE = 17
const TIMER = 18
const RETRANS = 19
const SOURCE_PORT = 20
const DESTINATION_PORT = 22
const SOURCE = 24
const DESTINATION = 40
const EXPIRES = 68
const RX_QUEUE = 72
const TX_QUEUE = 76
const UID = 80
const INODE = 84

/** Reads fields of the message that begins at a place. */
class MessageReader {
  readonly #bytes: Buffer
  readonly #view: DataView
  readonly #table: TcpTable
  readonly #littleEndian: boolean
  readonly #userHz: number
  readonly #addresses = new Map<number | string, string>()

  constructor({ table, bytes, littleEndian, userHz }: TcpMessages) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#table = table
    this.#littleEndian = littleEndian
    this.#userHz = userHz
  }

  /** The place of every whole message that describes a socket. */
  forEach(visit: (at: number) => void): void {
    for (let at = 0; at + MESSAGE_BYTES <= this.#bytes.length;) {
      const length = this.#number(at)
      if (length < MESSAGE_BYTES) return
      if (this.#view.getUint16(at + 4, this.#littleEndian) === SOCK_DIAG_BY_FAMILY) visit(at)
      at += (length + 3) & ~3
    }
  }

  isTimeWait(at: number): boolean {
    const state = this.#bytes[at + STATE]
    return (
      (state === TIME_WAIT || state === FIN_WAIT2) &&
      this.#bytes[at + TIMER] === TCP_TIMER.timeWait &&
      this.#number(at + INODE) === 0
    )
  }

  row(at: number): InetRow {
    const state = this.#bytes[at + STATE]!
    const timer = this.#bytes[at + TIMER]!
    const retrans = this.#bytes[at + RETRANS]!
    const areProbes = timer === TCP_TIMER.keepalive || timer === TCP_TIMER.zeroWindowProbe
    return {
      table: this.#table,
      slot: 0,
      localAddress: this.address(at + SOURCE),
      localPort: this.port(at + SOURCE_PORT),
      remoteAddress: this.address(at + DESTINATION),
      remotePort: this.port(at + DESTINATION_PORT),
      state,
      // Of a listener it is the limit of the accept queue, see below.
      txQueueBytes: state === TCP_STATE.listen ? 0 : this.#number(at + TX_QUEUE),
      rxQueueBytes: this.#number(at + RX_QUEUE),
      ...(state === TCP_STATE.listen && { acceptQueueLimit: this.#number(at + TX_QUEUE) }),
      timer,
      timerTicks: this.ticks(at),
      retransmits: areProbes ? 0 : retrans,
      uid: this.#number(at + UID),
      probes: areProbes ? retrans : 0,
      inode: String(this.#number(at + INODE)),
      refs: undefined,
      pointer: undefined,
      drops: undefined,
    }
  }

  port(at: number): number {
    return this.#view.getUint16(at)
  }

  /** Time until the timer fires, in ticks of USER_HZ. */
  ticks(at: number): number {
    return Math.floor((this.#number(at + EXPIRES) * this.#userHz) / 1000)
  }

  /** A key of the address at a place: equal for equal addresses. */
  addressKey(at: number): number | string {
    return this.#table === 'tcp' ? this.#view.getUint32(at) : this.#bytes.toString('latin1', at, at + 16)
  }

  address(at: number): string {
    const key = this.addressKey(at)
    let text = this.#addresses.get(key)
    if (text === undefined) {
      text = formatIp(this.#bytes.subarray(at, at + (this.#table === 'tcp' ? 4 : 16)))
      this.#addresses.set(key, text)
    }
    return text
  }

  #number(at: number): number {
    return this.#view.getUint32(at, this.#littleEndian)
  }
}
