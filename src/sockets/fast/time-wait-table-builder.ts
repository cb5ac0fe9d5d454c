import { unmapIp } from '../../kernel/ip-address.ts'
import type { InetRow } from '../tables/inet-row.ts'
import type { FindTimeWait, TimeWaitTable } from './time-wait-table.ts'
import { AddressBook } from './address-book.ts'

/** Builds a {@link TimeWaitTable}, each connection once: the later of two rows of one counts. */
export class TimeWaitTableBuilder {
  readonly addresses = new AddressBook()
  /** Rows of a socket that had one already: the kernel walks its table while connections come and go. */
  duplicates = 0
  #length = 0
  readonly #state: Uint8Array
  readonly #ticks: Uint32Array
  readonly #local: Uint32Array
  readonly #localPort: Uint16Array
  readonly #remote: Uint32Array
  readonly #remotePort: Uint16Array
  /** Open addressing; a slot holds row + 1, 0 is free. */
  readonly #slots: Uint32Array

  /** For at most `capacity` sockets. */
  constructor(capacity: number) {
    this.#state = new Uint8Array(capacity)
    this.#ticks = new Uint32Array(capacity)
    this.#local = new Uint32Array(capacity)
    this.#localPort = new Uint16Array(capacity)
    this.#remote = new Uint32Array(capacity)
    this.#remotePort = new Uint16Array(capacity)
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(capacity * 2 + 2)))
  }

  /** Addresses by their number in {@link addresses}; `state` is TIME_WAIT or FIN_WAIT2, `ticks` of USER_HZ. */
  add(local: number, localPort: number, remote: number, remotePort: number, state: number, ticks: number): void {
    const slot = this.#slotOf(local, localPort, remote, remotePort)
    let row = this.#slots[slot]! - 1
    if (row < 0) {
      row = this.#length
      this.#length += 1
      this.#slots[slot] = this.#length
      this.#local[row] = local
      this.#localPort[row] = localPort
      this.#remote[row] = remote
      this.#remotePort[row] = remotePort
    } else this.duplicates += 1
    this.#state[row] = state
    this.#ticks[row] = ticks
  }

  addRow(row: InetRow): void {
    this.add(
      this.addresses.add(unmapIp(row.localAddress)),
      row.localPort,
      this.addresses.add(unmapIp(row.remoteAddress)),
      row.remotePort,
      row.state,
      row.timerTicks,
    )
  }

  readonly find: FindTimeWait = (localAddress, localPort, remoteAddress, remotePort) => {
    const local = this.addresses.find(unmapIp(localAddress))
    const remote = this.addresses.find(unmapIp(remoteAddress))
    if (local === undefined || remote === undefined) return undefined
    const row = this.#slots[this.#slotOf(local, localPort, remote, remotePort)]! - 1
    return row < 0 ? undefined : row
  }

  table(): TimeWaitTable {
    return {
      length: this.#length,
      state: this.#state,
      ticks: this.#ticks,
      local: this.#local,
      localPort: this.#localPort,
      remote: this.#remote,
      remotePort: this.#remotePort,
      addresses: this.addresses.texts,
    }
  }

  /** The slot of a connection, or the free one where it belongs. */
  #slotOf(local: number, localPort: number, remote: number, remotePort: number): number {
    const mask = this.#slots.length - 1
    let at = Math.imul(localPort | (remotePort << 16), 0x9e3779b1) ^ Math.imul(local * 31 + remote, 0x85ebca6b)
    at = (at ^ (at >>> 15)) & mask
    for (;;) {
      const row = this.#slots[at]! - 1
      if (
        row < 0 ||
        (this.#localPort[row] === localPort &&
          this.#remotePort[row] === remotePort &&
          this.#local[row] === local &&
          this.#remote[row] === remote)
      )
        return at
      at = (at + 1) & mask
    }
  }
}
