import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { InetRow, TcpTable } from '../tables/inet-row.ts'
import { INET_AT, InetReader } from './decode/inet-reader.ts'
import type { SocketDump } from './decode/socket-dump.ts'
import type { DumpEnd, Wire } from './decode/wire.ts'

/** A TCP socket of a dump as it is passed by: its values are read when they are asked for, and are gone with the next. */
export interface PassingTcp {
  readonly table: TcpTable
  readonly state: number
  readonly localAddress: string
  readonly localPort: number
  readonly rxQueueBytes: number
  readonly txQueueBytes: number
  /** Of a listener. */
  readonly acceptQueueLimit: number | undefined
  /** 0 where no process holds it. */
  readonly inode: number
}

/** The same with its other end; {@link row} is all of it, to be kept. */
export interface PassingConnection extends PassingTcp {
  readonly remoteAddress: string
  readonly remotePort: number
  readonly timer: number
  row(): InetRow
}

/**
 * Visits every TCP socket of a dump of `tcp` or `tcp6` with one object that is used for all: where tens of thousands are
 * only counted, a row for each would cost more than the kernel's answer.
 */
export function forEachTcp(dump: SocketDump, visit: (socket: PassingConnection) => void): DumpEnd {
  const cursor = new Cursor(dump)
  return cursor.reader.forEach(at => {
    cursor.at = at
    visit(cursor)
  })
}

class Cursor implements PassingConnection {
  readonly table: TcpTable
  readonly reader: InetReader
  readonly #wire: Wire
  at = 0

  constructor({ family, wire, userHz }: SocketDump) {
    this.table = family as TcpTable
    this.#wire = wire
    this.reader = new InetReader(wire, this.table, userHz)
  }

  get state(): number {
    return this.#wire.u8(this.at + INET_AT.state)
  }

  get localAddress(): string {
    return this.reader.address(this.at + INET_AT.local)
  }

  get localPort(): number {
    return this.#wire.port(this.at + INET_AT.localPort)
  }

  get remoteAddress(): string {
    return this.reader.address(this.at + INET_AT.remote)
  }

  get remotePort(): number {
    return this.#wire.port(this.at + INET_AT.remotePort)
  }

  get rxQueueBytes(): number {
    return this.#wire.u32(this.at + INET_AT.rxQueue)
  }

  get txQueueBytes(): number {
    return this.state === TCP_STATE.listen ? 0 : this.#wire.u32(this.at + INET_AT.txQueue)
  }

  get acceptQueueLimit(): number | undefined {
    return this.state === TCP_STATE.listen ? this.#wire.u32(this.at + INET_AT.txQueue) : undefined
  }

  get inode(): number {
    return this.#wire.u32(this.at + INET_AT.inode)
  }

  get timer(): number {
    return this.#wire.u8(this.at + INET_AT.timer)
  }

  row(): InetRow {
    return this.reader.row(this.at)
  }
}
