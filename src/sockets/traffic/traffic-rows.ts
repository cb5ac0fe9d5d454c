import { INET_AT, InetReader } from '../diag/decode/inet-reader.ts'
import { INET_ATTRIBUTE, InetFacts } from '../diag/decode/inet-facts.ts'
import { INET_MESSAGE_BYTES } from '../diag/decode/inet-reader.ts'
import type { SocketDump } from '../diag/decode/socket-dump.ts'
import { TCP_INFO_FIELDS, tcpInfoPlace } from '../diag/decode/tcp-info-fields.ts'
import type { InetRow, Socket, TcpTable } from '../model.ts'

/** Nobody is known to own it: not searched, or not found. */
export const NO_OWNER = -1

/** What is known of the rates of a row: per second, NaN where only one look has shown it. */
export interface RowRates {
  received: number
  sent: number
  retransmits: number
}

/**
 * TCP sockets of one look: what is sorted and summed in columns of numbers, all else read when a row is shown. Rows are
 * those of sock_diag, or of /proc where the kernel could not be asked.
 */
export class TrafficRows {
  readonly #sources: { reader: InetReader; at: number; end: number }[] | undefined
  readonly #sockets: readonly Socket[] | undefined
  readonly length: number
  readonly state: Uint8Array
  readonly localPort: Uint16Array
  readonly remotePort: Uint16Array
  /** Bytes that wait to be read; of a listener connections. */
  readonly unread: Float64Array
  /** Bytes that wait to be acknowledged; of a listener the limit of its queue, NaN where that is not known. */
  readonly unsent: Float64Array
  /** NaN where it is not known. */
  readonly rttUs: Float64Array
  /** Number of the owner with TrafficOwners, or {@link NO_OWNER}. */
  readonly owner: Int32Array
  readonly received: Float64Array
  readonly sent: Float64Array
  readonly retransmits: Float64Array

  constructor(rows: readonly Socket[] | { reader: InetReader; at: number; end: number }[]) {
    this.length = rows.length
    this.state = new Uint8Array(rows.length)
    this.localPort = new Uint16Array(rows.length)
    this.remotePort = new Uint16Array(rows.length)
    this.unread = new Float64Array(rows.length)
    this.unsent = new Float64Array(rows.length)
    this.rttUs = new Float64Array(rows.length).fill(Number.NaN)
    this.owner = new Int32Array(rows.length).fill(NO_OWNER)
    this.received = new Float64Array(rows.length).fill(Number.NaN)
    this.sent = new Float64Array(rows.length).fill(Number.NaN)
    this.retransmits = new Float64Array(rows.length).fill(Number.NaN)
    const [first] = rows
    if (first !== undefined && 'reader' in first) {
      this.#sources = rows as { reader: InetReader; at: number; end: number }[]
      this.#readMessages(this.#sources)
    } else {
      this.#sockets = rows as readonly Socket[]
      this.#sockets.forEach((socket, i) => this.#readRow(socket.row as InetRow, i))
    }
  }

  /** All that is known of a row, but its owners. */
  socketAt(i: number): Socket {
    const source = this.#sources?.[i]
    if (source === undefined) return this.#sockets![i]!
    const { reader, at, end } = source
    return { row: reader.row(at), kernel: new InetFacts(reader.wire, at, end, true), owners: undefined }
  }

  addressesAt(i: number): { local: string; remote: string } {
    const source = this.#sources?.[i]
    if (source !== undefined)
      return {
        local: source.reader.address(source.at + INET_AT.local),
        remote: source.reader.address(source.at + INET_AT.remote),
      }
    const row = this.#sockets![i]!.row as InetRow
    return { local: row.localAddress, remote: row.remoteAddress }
  }

  /** Names the row from look to look: the cookie, else its ends. */
  keyAt(i: number): string {
    const source = this.#sources?.[i]
    if (source !== undefined) return source.reader.wire.halves(source.at + INET_AT.cookie)
    const { local, remote } = this.addressesAt(i)
    return `${local} ${this.localPort[i]} ${remote} ${this.remotePort[i]} ${(this.#sockets![i]!.row as InetRow).inode}`
  }

  inodeAt(i: number): string {
    const source = this.#sources?.[i]
    if (source !== undefined) return String(source.reader.wire.u32(source.at + INET_AT.inode))
    return (this.#sockets![i]!.row as InetRow).inode
  }

  #readMessages(sources: { reader: InetReader; at: number; end: number }[]): void {
    for (const [i, { reader, at, end }] of sources.entries()) {
      const { wire } = reader
      this.state[i] = wire.u8(at + INET_AT.state)
      this.localPort[i] = wire.port(at + INET_AT.localPort)
      this.remotePort[i] = wire.port(at + INET_AT.remotePort)
      this.unread[i] = wire.u32(at + INET_AT.rxQueue)
      this.unsent[i] = wire.u32(at + INET_AT.txQueue)
      const info = wire.attribute(INET_ATTRIBUTE.info, at + INET_MESSAGE_BYTES, end)
      if (info !== -1 && wire.lengthOf(info) >= RTT_AT + 4) this.rttUs[i] = wire.u32(info + RTT_AT) || Number.NaN
    }
  }

  #readRow(row: InetRow, i: number): void {
    this.state[i] = row.state
    this.localPort[i] = row.localPort
    this.remotePort[i] = row.remotePort
    this.unread[i] = row.rxQueueBytes
    this.unsent[i] = row.remotePort === 0 ? (row.acceptQueueLimit ?? Number.NaN) : row.txQueueBytes
  }
}

const RTT_AT = TCP_INFO_FIELDS[tcpInfoPlace('rttUs')]!.at

/** Gathers rows of a look as it goes, for {@link TrafficRows}. */
export class RowsOfLook {
  readonly #readers = new Map<SocketDump, InetReader>()
  readonly #sources: { reader: InetReader; at: number; end: number }[] = []
  /** Place of each row with the accountant, -1 of what is no connection. */
  readonly places: number[] = []

  add = (dump: SocketDump, at: number, end: number, place: number): void => {
    let reader = this.#readers.get(dump)
    if (reader === undefined) {
      reader = new InetReader(dump.wire, dump.family as TcpTable, dump.userHz)
      this.#readers.set(dump, reader)
    }
    this.#sources.push({ reader, at, end })
    this.places.push(place)
  }

  rows(): TrafficRows {
    return new TrafficRows(this.#sources)
  }
}
