/** Numbers kept of an entry: hash, where its bytes begin, where they end. One row is one cache line's quarter. */
const ROW = 4

/** Gives every distinct run of bytes a small number, without making a string of it. */
export class ByteInterner {
  private slots = new Int32Array(1024).fill(-1)
  private rows = new Int32Array(256 * ROW)
  private arena = Buffer.allocUnsafe(4096)
  private readonly limit: number
  size = 0

  /** From `limit` entries on, new runs get the number -1. */
  constructor(limit: number) {
    this.limit = limit
  }

  /** Number of the bytes `from` to `to`, whose {@link hashBytes} is `hash`. */
  intern(bytes: Buffer, from: number, to: number, hash: number): number {
    const { slots, rows } = this
    const mask = slots.length - 1
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const id = slots[slot]!
      if (id === -1) return this.size >= this.limit ? -1 : this.insert(bytes, from, to, hash, slot)
      if (rows[id * ROW] === hash && this.is(id, bytes, from, to)) return id
    }
  }

  private is(id: number, bytes: Buffer, from: number, to: number): boolean {
    const length = this.rows[id * ROW + 2]! - this.rows[id * ROW + 1]!
    return length === to - from && this.endsAt(id, bytes, from) === to
  }

  /** Where the bytes of `id` end, if they are those at `from`; else -1. */
  endsAt(id: number, bytes: Buffer, from: number): number {
    const { rows, arena } = this
    const end = rows[id * ROW + 2]!
    let i = from
    for (let at = rows[id * ROW + 1]!; at < end; at += 1, i += 1) if (arena[at] !== bytes[i]) return -1
    return i
  }

  /** The bytes behind a number, as a byte string. */
  text(id: number): string {
    return this.arena.toString('latin1', this.rows[id * ROW + 1], this.rows[id * ROW + 2])
  }

  private insert(bytes: Buffer, from: number, to: number, hash: number, slot: number): number {
    const id = this.size
    const start = id === 0 ? 0 : this.rows[id * ROW - 2]!
    const end = start + to - from
    if (end > this.arena.length) {
      const wider = Buffer.allocUnsafe(Math.max(this.arena.length * 2, end))
      this.arena.copy(wider, 0, 0, start)
      this.arena = wider
    }
    bytes.copy(this.arena, start, from, to)
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

/** The hash {@link ByteInterner.intern} wants; four bytes at a time, because each multiplication waits for the one before. */
export function hashBytes(bytes: Buffer, from: number, to: number): number {
  let hash = to - from
  let i = from
  for (; i + 4 <= to; i += 4) {
    const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    hash = Math.imul(hash ^ word, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; i < to; i += 1) hash = Math.imul(hash ^ bytes[i]!, 0x9e3779b1)
  return hash
}

/** Copies a few bytes and returns where they end; for less than some hundred, Buffer.copy takes longer to begin. */
export function copyBytes(bytes: Buffer, from: number, to: number, into: Buffer, start: number): number {
  let at = start
  for (let i = from; i < to; i += 1, at += 1) into[at] = bytes[i]!
  return at
}

function spread(hash: number): number {
  return hash ^ (hash >>> 15)
}
