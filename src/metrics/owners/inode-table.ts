/** Half of the places stay free, so that a search for one ends soon. */
const ROOM = 2
const FIRST = 1024

/**
 * Numbers by inode, in arrays: tens of thousands are looked up for each answer, and a Map takes several times as long.
 * Inodes are given one after the other: sixteen neighbours stay together, groups of them are spread. An inode is as the kernel's answer
 * has it, 32 bits; 0 is none.
 */
export class InodeTable {
  #keys = new Uint32Array(FIRST)
  #values = new Int32Array(FIRST)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** 0 where it is not there. */
  get(inode: number): number {
    const keys = this.#keys
    const mask = keys.length - 1
    const key = inode >>> 0
    for (let at = placeOf(key) & mask; keys[at] !== 0; at = (at + 1) & mask)
      if (keys[at] === key) return this.#values[at]!
    return 0
  }

  /** `value` is not 0. */
  set(inode: number, value: number): void {
    if (ROOM * (this.#size + 1) > this.#keys.length) this.#grow()
    const key = inode >>> 0
    if (key !== 0) this.#put(key, value)
  }

  #put(key: number, value: number): void {
    const mask = this.#keys.length - 1
    let at = placeOf(key) & mask
    while (this.#keys[at] !== 0 && this.#keys[at] !== key) at = (at + 1) & mask
    if (this.#keys[at] === 0) this.#size += 1
    this.#keys[at] = key
    this.#values[at] = value
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values]
    this.#keys = new Uint32Array(2 * keys.length)
    this.#values = new Int32Array(2 * keys.length)
    this.#size = 0
    keys.forEach((key, at) => {
      if (key !== 0) this.#put(key, values[at]!)
    })
  }
}

function placeOf(key: number): number {
  const group = Math.imul(key >>> 4, 0x9e3779b1)
  return ((group ^ (group >>> 15)) << 4) | (key & 15)
}
