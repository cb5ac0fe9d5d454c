/** Gives every distinct run of bytes a small number, without making a string of it. */
export class ByteInterner {
  private slots: Int32Array
  private hashes = new Int32Array(256)
  private offsets = new Int32Array(257)
  private arena = Buffer.allocUnsafe(4096)
  private readonly limit: number
  size = 0

  /** From `limit` entries on, new runs get the number -1. */
  constructor(limit: number) {
    this.limit = limit
    this.slots = new Int32Array(1024).fill(-1)
  }

  /** Number of the bytes `from` to `to`, whose {@link hashBytes} is `hash`. */
  intern(bytes: Buffer, from: number, to: number, hash: number): number {
    const { slots, hashes, offsets, arena } = this
    const mask = slots.length - 1
    const length = to - from
    let slot = (hash ^ (hash >>> 15)) & mask
    for (; ; slot = (slot + 1) & mask) {
      const id = slots[slot]!
      if (id === -1) break
      if (hashes[id] !== hash) continue
      let at = offsets[id]!
      if (offsets[id + 1]! - at !== length) continue
      let i = from
      while (i < to && arena[at] === bytes[i]) {
        at += 1
        i += 1
      }
      if (i === to) return id
    }
    if (this.size >= this.limit) return -1
    return this.insert(bytes, from, to, hash, slot)
  }

  /** The bytes behind a number, as a byte string. */
  text(id: number): string {
    return this.arena.toString('latin1', this.offsets[id], this.offsets[id + 1])
  }

  private insert(bytes: Buffer, from: number, to: number, hash: number, slot: number): number {
    const id = this.size
    const start = this.offsets[id]!
    const end = start + to - from
    if (end > this.arena.length) {
      const wider = Buffer.allocUnsafe(Math.max(this.arena.length * 2, end))
      this.arena.copy(wider, 0, 0, start)
      this.arena = wider
    }
    bytes.copy(this.arena, start, from, to)
    if (id + 1 >= this.hashes.length) {
      this.hashes = grown(this.hashes, this.hashes.length * 2)
      this.offsets = grown(this.offsets, this.hashes.length + 1)
    }
    this.hashes[id] = hash
    this.offsets[id + 1] = end
    this.slots[slot] = id
    this.size = id + 1
    if (this.size * 2 > this.slots.length) this.rehash()
    return id
  }

  private rehash(): void {
    const mask = this.slots.length * 2 - 1
    this.slots = new Int32Array(mask + 1).fill(-1)
    for (let id = 0; id < this.size; id += 1) {
      const hash = this.hashes[id]!
      let slot = (hash ^ (hash >>> 15)) & mask
      while (this.slots[slot] !== -1) slot = (slot + 1) & mask
      this.slots[slot] = id
    }
  }
}

/** The hash {@link ByteInterner.intern} wants: `h = h * 31 + byte`, from 0. */
export function hashBytes(bytes: Buffer, from: number, to: number): number {
  let hash = 0
  for (let i = from; i < to; i += 1) hash = (Math.imul(hash, 31) + bytes[i]!) | 0
  return hash
}

function grown(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(length)
  wider.set(from)
  return wider
}
