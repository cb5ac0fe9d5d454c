import type { KernelFacts, SocketMemory } from '../../kernel-facts.ts'
import type { TcpInfo } from '../../tcp-info.ts'
import { decodeTcpInfo, readTcpInfo } from './decode-tcp-info.ts'
import { INET_AT, INET_MESSAGE_BYTES } from './inet-reader.ts'
import type { Wire } from './wire.ts'

/** Attributes of an internet socket. Source: Linux include/uapi/linux/inet_diag.h, INET_DIAG_*. */
export const INET_ATTRIBUTE = {
  info: 2,
  congestion: 4,
  memory: 7,
  shutdown: 8,
  v6only: 11,
  mark: 15,
  cgroupId: 21,
} as const

/** Facts of one message, each read when it is asked for: of a dump of thousands few are looked at. */
export class InetFacts implements KernelFacts {
  readonly #wire: Wire
  readonly #at: number
  readonly #end: number
  readonly #isTcp: boolean

  /** `isTcp`: the attribute of MPTCP with that number is another struct. */
  constructor(wire: Wire, at: number, end: number, isTcp: boolean) {
    this.#isTcp = isTcp
    this.#wire = wire
    this.#at = at
    this.#end = end
  }

  get cookie(): string {
    return this.#wire.halves(this.#at + INET_AT.cookie)
  }

  get interfaceIndex(): number | undefined {
    return this.#wire.u32(this.#at + INET_AT.interface) || undefined
  }

  get v6only(): boolean | undefined {
    const value = this.#u8(INET_ATTRIBUTE.v6only)
    return value === undefined ? undefined : value !== 0
  }

  get shutdown(): number | undefined {
    return this.#u8(INET_ATTRIBUTE.shutdown)
  }

  get mark(): number | undefined {
    const at = this.#value(INET_ATTRIBUTE.mark, 4)
    return at === -1 ? undefined : this.#wire.u32(at)
  }

  /** What is left of a closed connection has none, and says 0. */
  get cgroupId(): string | undefined {
    const at = this.#value(INET_ATTRIBUTE.cgroupId, 8)
    const id = at === -1 ? 0n : this.#wire.u64(at)
    return id === 0n ? undefined : String(id)
  }

  get congestion(): string | undefined {
    const at = this.#value(INET_ATTRIBUTE.congestion, 1)
    if (at === -1) return undefined
    const { bytes } = this.#wire
    let end = at + this.#wire.lengthOf(at)
    const nul = bytes.indexOf(0, at)
    if (nul !== -1 && nul < end) end = nul
    return end === at ? undefined : bytes.toString('latin1', at, end)
  }

  get memory(): SocketMemory | undefined {
    const at = this.#value(INET_ATTRIBUTE.memory, MEMORY_BYTES)
    return at === -1 ? undefined : memoryAt(this.#wire, at)
  }

  get tcpInfo(): TcpInfo | undefined {
    const at = this.#infoAt()
    return at === -1 ? undefined : decodeTcpInfo(this.#wire, at, this.#wire.lengthOf(at))
  }

  /** The numbers of `tcpInfo` without the object: see {@link readTcpInfo}. */
  readTcpInfo(into: Float64Array): boolean {
    const at = this.#infoAt()
    return at !== -1 && readTcpInfo(this.#wire, at, this.#wire.lengthOf(at), into)
  }

  #infoAt(): number {
    return this.#isTcp ? this.#value(INET_ATTRIBUTE.info, 1) : -1
  }

  #u8(type: number): number | undefined {
    const at = this.#value(type, 1)
    return at === -1 ? undefined : this.#wire.u8(at)
  }

  /** Where the value of an attribute begins that has at least so many bytes, else -1. */
  #value(type: number, bytes: number): number {
    const at = this.#wire.attribute(type, this.#at + INET_MESSAGE_BYTES, this.#end)
    return at !== -1 && this.#wire.lengthOf(at) >= bytes ? at : -1
  }
}

/** Eight words; a ninth, the drops, since Linux 4.7. */
export const MEMORY_BYTES = 32

/** Source: Linux include/uapi/linux/sock_diag.h, SK_MEMINFO_*. */
export function memoryAt(wire: Wire, at: number): SocketMemory {
  const word = (index: number) => wire.u32(at + 4 * index)
  return {
    receivedBytes: word(0),
    receiveLimitBytes: word(1),
    sentBytes: word(2),
    sendLimitBytes: word(3),
    forwardBytes: word(4),
    queuedBytes: word(5),
    optionBytes: word(6),
    backlogBytes: word(7),
    drops: wire.lengthOf(at) >= MEMORY_BYTES + 4 ? word(8) : undefined,
  }
}
