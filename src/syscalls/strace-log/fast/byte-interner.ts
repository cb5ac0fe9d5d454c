/** Numbers kept of an entry: hash, where its bytes begin, where they end. */
const ROW = 4

/**
 * Gives every distinct run of bytes a small number, without making a string of it. Bytes are read as words of four: one
 * at a time they would cost most of the time a log takes.
 */
export class ByteInterner {
  private slots = new Int32Array(1024).fill(-1)
  private rows = new Int32Array(256 * ROW)
  private arena = viewOf(Buffer.allocUnsafeSlow(4096))
  private readonly limit: number
  size = 0

  /** From `limit` entries on, new runs get the number -1. */
  constructor(limit: number) {
    this.limit = limit
  }

  /** Number of the bytes `from` to `to`, whose {@link hashBytes} is `hash`. */
  intern(bytes: DataView, from: number, to: number, hash: number): number {
    const { slots, rows } = this
    const mask = slots.length - 1
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const id = slots[slot]!
      if (id === -1) return this.size >= this.limit ? -1 : this.insert(bytes, from, to, hash, slot)
      if (rows[id * ROW] === hash && this.is(id, bytes, from, to)) return id
    }
  }

  /** Number of all the bytes of a view. */
  internAll(bytes: DataView): number {
    return this.intern(bytes, 0, bytes.byteLength, hashBytes(bytes, 0, bytes.byteLength))
  }

  /** Where the bytes of `id` end, if they are those at `from`; else -1. */
  endsAt(id: number, bytes: DataView, from: number): number {
    const start = this.rows[id * ROW + 1]!
    const end = this.rows[id * ROW + 2]!
    const to = from + end - start
    return to <= bytes.byteLength && sameBytes(this.arena, start, end, bytes, from) ? to : -1
  }

  /** The bytes behind a number, as a byte string. */
  text(id: number): string {
    return Buffer.from(this.arena.buffer).toString('latin1', this.rows[id * ROW + 1], this.rows[id * ROW + 2])
  }

  private is(id: number, bytes: DataView, from: number, to: number): boolean {
    const start = this.rows[id * ROW + 1]!
    const end = this.rows[id * ROW + 2]!
    return end - start === to - from && sameBytes(this.arena, start, end, bytes, from)
  }

  private insert(bytes: DataView, from: number, to: number, hash: number, slot: number): number {
    const id = this.size
    const start = id === 0 ? 0 : this.rows[id * ROW - 2]!
    const end = start + to - from
    if (end > this.arena.byteLength) {
      const wider = Buffer.allocUnsafeSlow(Math.max(this.arena.byteLength * 2, end))
      wider.set(new Uint8Array(this.arena.buffer))
      this.arena = viewOf(wider)
    }
    for (let at = from; at < to; at += 1) this.arena.setUint8(start + at - from, bytes.getUint8(at))
    if ((id + 1) * ROW > this.rows.length) {
      const wider = new Int32Array(this.rows.length * 2)
      wider.set(this.rows)
      this.rows = wider
    }
    this.rows[id * ROW] = hash
    this.rows[id * ROW + 1] = start
    this.rows[id * ROW + 2] = end
    this.slots[slot] = id
    this.size = id + 1
    if (this.size * 2 > this.slots.length) this.rehash()
    return id
  }

  private rehash(): void {
    const mask = this.slots.length * 2 - 1
    this.slots = new Int32Array(mask + 1).fill(-1)
    for (let id = 0; id < this.size; id += 1) {
      let slot = spread(this.rows[id * ROW]!) & mask
      while (this.slots[slot] !== -1) slot = (slot + 1) & mask
      this.slots[slot] = id
    }
  }
}

/** The hash {@link ByteInterner.intern} wants. */
export function hashBytes(bytes: DataView, from: number, to: number): number {
  let hash = to - from
  let at = from
  for (; at + 4 <= to; at += 4) {
    hash = Math.imul(hash ^ bytes.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < to; at += 1) hash = Math.imul(hash ^ bytes.getUint8(at), 0x9e3779b1)
  return hash
}

export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Copies a few bytes and returns where they end; for less than some hundred, Buffer.copy takes longer to begin. */
export function copyBytes(bytes: Buffer, from: number, to: number, into: Buffer, start: number): number {
  let at = start
  for (let i = from; i < to; i += 1, at += 1) into[at] = bytes[i]!
  return at
}

function sameBytes(a: DataView, from: number, to: number, b: DataView, start: number): boolean {
  let at = from
  let other = start
  for (; at + 4 <= to; at += 4, other += 4) if (a.getInt32(at, true) !== b.getInt32(other, true)) return false
  for (; at < to; at += 1, other += 1) if (a.getUint8(at) !== b.getUint8(other)) return false
  return true
}

function spread(hash: number): number {
  return hash ^ (hash >>> 15)
}
