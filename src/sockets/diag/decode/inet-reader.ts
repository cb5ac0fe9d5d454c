import { formatIp } from '../../../kernel/ip-address.ts'
import { FIN_WAIT2, TCP_STATE, TIME_WAIT } from '../../../kernel/tcp-state.ts'
import { TCP_TIMER } from '../../../kernel/tcp-timer.ts'
import type { InetRow, InetTable } from '../../tables/inet-row.ts'
import { forEachSocket, type DumpEnd, type Wire } from './wire.ts'

/** struct inet_diag_msg. */
const STRUCT_BYTES = 72
/** Header and struct: where the attributes begin. */
export const INET_MESSAGE_BYTES = 88

/** Offsets from the beginning of a message. */
export const INET_AT = {
  state: 17,
  timer: 18,
  retrans: 19,
  localPort: 20,
  remotePort: 22,
  local: 24,
  remote: 40,
  interface: 56,
  cookie: 60,
  expires: 68,
  rxQueue: 72,
  txQueue: 76,
  uid: 80,
  inode: 84,
} as const

/**
 * Reads messages of internet sockets: struct nlmsghdr (16 bytes), struct inet_diag_msg (72), attributes. Addresses and
 * ports are in network order, all else in that of the machine; times are milliseconds. The rows are those of
 * /proc/net/tcp without what the answer lacks: references, pointer, drops, the user of a connection that is not yet
 * accepted, and either retransmits or unanswered probes, whichever the timer does not wait for.
 *
 * Source: Linux include/uapi/linux/inet_diag.h, net/ipv4/inet_diag.c.
 */
export class InetReader {
  readonly wire: Wire
  readonly table: InetTable
  readonly #isIpv4: boolean
  readonly #ticksPerMs: number
  readonly #addresses = new Map<number | string, string>()

  constructor(wire: Wire, table: InetTable, userHz: number) {
    this.wire = wire
    this.table = table
    this.#isIpv4 = !table.endsWith('6')
    this.#ticksPerMs = userHz / 1000
  }

  /** The place of every whole message that describes a socket, and its end. */
  forEach(visit: (at: number, end: number) => void): DumpEnd {
    return forEachSocket(this.wire, STRUCT_BYTES, visit)
  }

  isTimeWait(at: number): boolean {
    const state = this.wire.u8(at + INET_AT.state)
    return (
      (state === TIME_WAIT || state === FIN_WAIT2) &&
      this.wire.u8(at + INET_AT.timer) === TCP_TIMER.timeWait &&
      this.wire.u32(at + INET_AT.inode) === 0
    )
  }

  row(at: number): InetRow {
    const { wire } = this
    const state = wire.u8(at + INET_AT.state)
    const timer = wire.u8(at + INET_AT.timer)
    const retrans = wire.u8(at + INET_AT.retrans)
    const txQueue = wire.u32(at + INET_AT.txQueue)
    const areProbes = timer === TCP_TIMER.keepalive || timer === TCP_TIMER.zeroWindowProbe
    // Of a listener it is the limit of the accept queue.
    const isListener = state === TCP_STATE.listen
    return {
      table: this.table,
      slot: 0,
      localAddress: this.address(at + INET_AT.local),
      localPort: wire.port(at + INET_AT.localPort),
      remoteAddress: this.address(at + INET_AT.remote),
      remotePort: wire.port(at + INET_AT.remotePort),
      state,
      txQueueBytes: isListener ? 0 : txQueue,
      rxQueueBytes: wire.u32(at + INET_AT.rxQueue),
      acceptQueueLimit: isListener ? txQueue : undefined,
      timer,
      timerTicks: this.ticks(at),
      retransmits: areProbes ? 0 : retrans,
      uid: wire.u32(at + INET_AT.uid),
      probes: areProbes ? retrans : 0,
      inode: String(wire.u32(at + INET_AT.inode)),
      refs: undefined,
      pointer: undefined,
      drops: undefined,
    }
  }

  /** Time until the timer fires, in ticks of USER_HZ. */
  ticks(at: number): number {
    return Math.floor(this.wire.u32(at + INET_AT.expires) * this.#ticksPerMs)
  }

  /** A key of the address at a place: equal for equal addresses. */
  addressKey(at: number): number | string {
    return this.#isIpv4 ? this.wire.network32(at) : this.wire.bytes.toString('latin1', at, at + 16)
  }

  address(at: number): string {
    const key = this.addressKey(at)
    let text = this.#addresses.get(key)
    if (text === undefined) {
      text = formatIp(this.wire.bytes.subarray(at, at + (this.#isIpv4 ? 4 : 16)))
      this.#addresses.set(key, text)
    }
    return text
  }
}
