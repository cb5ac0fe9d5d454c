import { hashBytes, type ByteInterner } from './byte-interner.ts'

/** Recognises the names of system calls: nearly every line of a log has one of a few. */
export class CallNames {
  readonly all: ByteInterner
  private readonly rows = new Int32Array(SLOTS * ROW).fill(-1)

  /** Number 0 of `all` is for what comes after as many names as it takes. */
  constructor(all: ByteInterner) {
    this.all = all
  }

  /** Row of a short name at `from`, seen before, that `terminator` ends; -1 where there is none. */
  find(view: DataView, from: number, terminator: number): number {
    if (from + WIDTH >= view.byteLength) return -1
    const { rows } = this
    const first = view.getInt32(from, true)
    const row = slotOf(first) * ROW
    return rows[row + FIRST] === first &&
      ((rows[row + SECOND]! ^ view.getInt32(from + 4, true)) & rows[row + SECOND_MASK]!) === 0 &&
      ((rows[row + THIRD]! ^ view.getInt32(from + 8, true)) & rows[row + THIRD_MASK]!) === 0 &&
      view.getUint8(from + rows[row + LENGTH]!) === terminator
      ? row
      : -1
  }

  /** Bytes of the name in a row. */
  lengthIn(row: number): number {
    return this.rows[row + LENGTH]!
  }

  /** Number of the name in a row. */
  numberIn(row: number): number {
    return this.rows[row + NUMBER]!
  }

  intern(view: DataView, from: number, to: number): number {
    const number = Math.max(0, this.all.intern(view, from, to, hashBytes(view, from, to)))
    const length = to - from
    if (number === 0 || length < 4 || length > WIDTH || from + WIDTH > view.byteLength) return number
    const first = view.getInt32(from, true)
    const row = slotOf(first) * ROW
    this.rows[row + FIRST] = first
    this.rows[row + SECOND] = view.getInt32(from + 4, true)
    this.rows[row + SECOND_MASK] = maskOf(length - 4)
    this.rows[row + THIRD] = view.getInt32(from + 8, true)
    this.rows[row + THIRD_MASK] = maskOf(length - 8)
    this.rows[row + LENGTH] = length
    this.rows[row + NUMBER] = number
    return number
  }
}

/** Longest name that has a row: three words of four bytes. */
const WIDTH = 12

const SLOTS = 256
const FIRST = 0
const SECOND = 1
const SECOND_MASK = 2
const THIRD = 3
const THIRD_MASK = 4
const LENGTH = 5
const NUMBER = 6
const ROW = 8

/** By the first four letters. */
function slotOf(letters: number): number {
  return (letters ^ (letters >>> 13) ^ (letters >>> 19)) & (SLOTS - 1)
}

/** The bits of a little-endian word that hold the next `bytes` bytes. */
function maskOf(bytes: number): number {
  return bytes <= 0 ? 0 : bytes >= 4 ? -1 : (1 << (8 * bytes)) - 1
}
