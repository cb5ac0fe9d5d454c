/**
 * Messages of netlink as the kernel writes them: struct nlmsghdr (length, type, flags, sequence, port), a struct of its
 * kind, attributes (length, type, value), all padded to 4 bytes. Numbers are in the order of the machine.
 *
 * Source: netlink(7), Linux include/uapi/linux/netlink.h.
 */
export const HEADER_BYTES = 16

export const MESSAGE = { error: 2, done: 3, sockets: 20 } as const

export const NLM_F_REQUEST = 1
export const NLM_F_DUMP = 0x300
/** The table changed while it was dumped: rows may be missing or stand twice. */
export const NLM_F_DUMP_INTR = 0x10

export const aligned = (length: number) => (length + 3) & ~3

/** Reads numbers of bytes in the order of the machine they come from. */
export class Wire {
  readonly bytes: Buffer
  readonly littleEndian: boolean
  readonly #view: DataView

  constructor(bytes: Buffer, littleEndian: boolean) {
    this.bytes = bytes
    this.littleEndian = littleEndian
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  u8(at: number): number {
    return this.#view.getUint8(at)
  }

  u16(at: number): number {
    return this.#view.getUint16(at, this.littleEndian)
  }

  u32(at: number): number {
    return this.#view.getUint32(at, this.littleEndian)
  }

  u64(at: number): bigint {
    return this.#view.getBigUint64(at, this.littleEndian)
  }

  /** 64 bits as a plain number: exact up to 2^53. */
  wide(at: number): number {
    const [low, high] = this.littleEndian ? [at, at + 4] : [at + 4, at]
    return this.u32(high) * 2 ** 32 + this.u32(low)
  }

  /** A port: network order on every machine. */
  port(at: number): number {
    return this.#view.getUint16(at)
  }

  /** Four bytes in network order: an IPv4 address as one number. */
  network32(at: number): number {
    return this.#view.getUint32(at)
  }

  /** Struct of two 32-bit halves, the lower one first on every machine. */
  halves(at: number): string {
    return ((BigInt(this.u32(at + 4)) << 32n) | BigInt(this.u32(at))).toString()
  }

  /** Where the value of the first attribute of a type begins, -1 where there is none between `from` and `end`. */
  attribute(type: number, from: number, end: number): number {
    for (let at = from; at + 4 <= end;) {
      const length = this.u16(at)
      if (length < 4 || at + length > end) return -1
      // The upper bits say that it is nested, or in network order.
      if ((this.u16(at + 2) & 0x3fff) === type) return at + 4
      at += aligned(length)
    }
    return -1
  }

  /** Bytes of the value that {@link attribute} found. */
  lengthOf(value: number): number {
    return this.u16(value - 4) - 4
  }
}

/** How far a dump went. */
export interface DumpEnd {
  /** It ends with the message that says so. */
  whole: boolean
  /** The kernel says that the table changed meanwhile. */
  interrupted: boolean
}

/** Visits every whole message of a socket whose struct has at least so many bytes. */
export function forEachSocket(wire: Wire, structBytes: number, visit: (at: number, end: number) => void): DumpEnd {
  const { length } = wire.bytes
  let interrupted = false
  for (let at = 0; at + HEADER_BYTES <= length;) {
    const size = wire.u32(at)
    const type = wire.u16(at + 4)
    if ((wire.u16(at + 6) & NLM_F_DUMP_INTR) !== 0) interrupted = true
    if (size < HEADER_BYTES || at + size > length) break
    if (type === MESSAGE.done) return { whole: true, interrupted }
    if (type === MESSAGE.sockets && size >= HEADER_BYTES + structBytes) visit(at, at + size)
    at += aligned(size)
  }
  return { whole: false, interrupted }
}
