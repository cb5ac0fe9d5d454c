import { readSync } from 'node:fs'
import { LineScanner, ScannedLines } from './scanned-lines.ts'

/** Chunks in memory: one that is added up, and those scanned ahead of it. */
const SLOTS = 4
/** After so long without an answer the other thread is given up. */
const LIMIT_MS = 2_000

/** What two threads share. */
export interface RingMemory {
  fd: number
  chunks: number
  chunkBytes: number
  control: SharedArrayBuffer
  bytes: SharedArrayBuffer
  lines: SharedArrayBuffer
}

/** In `control`: the chunk to be scanned next, and those that were added up; then for each slot the chunk it holds. */
const NEXT = 0
const TAKEN = 1
const HELD = 2

/** A slot whose chunk could not be read as a whole. */
const FAILED = -1

export interface ScannedChunk {
  bytes: Buffer
  lines: ScannedLines
  /** Bytes up to its end. */
  consumedBytes: number
}

interface Slot {
  bytes: Buffer
  lines: ScannedLines
}

export function ringMemory(fd: number, sizeBytes: number, chunkBytes: number): RingMemory {
  return {
    fd,
    chunks: Math.floor(sizeBytes / chunkBytes),
    chunkBytes,
    control: new SharedArrayBuffer(4 * (HELD + SLOTS)),
    bytes: new SharedArrayBuffer(SLOTS * chunkBytes),
    lines: new SharedArrayBuffer(SLOTS * ScannedLines.byteLength),
  }
}

/**
 * The whole chunks of a file, which two threads read and scan, each the next that nobody has begun, into a few slots that
 * are used in turn. One of the two also takes them, in their order.
 */
export class ChunkRing {
  private readonly fd: number
  private readonly chunks: number
  private readonly chunkBytes: number
  private readonly control: Int32Array
  private readonly slots: Slot[]
  private readonly scanner: LineScanner

  /** `id`: 0 or 1, which of the threads this is. */
  constructor({ fd, chunks, chunkBytes, control, bytes, lines }: RingMemory, id: number) {
    this.fd = fd
    this.chunks = chunks
    this.chunkBytes = chunkBytes
    this.control = new Int32Array(control)
    this.scanner = new LineScanner(id)
    this.slots = Array.from({ length: SLOTS }, (_, slot) => ({
      bytes: Buffer.from(bytes, slot * chunkBytes, chunkBytes),
      lines: new ScannedLines(lines, slot * ScannedLines.byteLength),
    }))
  }

  /** Scans until there is nothing left. */
  scanAll(): void {
    for (;;) {
      const taken = Atomics.load(this.control, TAKEN)
      if (this.scanNext()) continue
      if (Atomics.load(this.control, NEXT) >= this.chunks) return
      Atomics.wait(this.control, TAKEN, taken)
    }
  }

  /**
   * The chunks in their order, each valid until the next is asked for. Returns where reading has to go on: behind the last
   * one, or sooner where the file turned out shorter or the other thread fell silent.
   */
  *take(): Generator<ScannedChunk, number> {
    const { control, slots } = this
    try {
      for (let chunk = 0; chunk < this.chunks; chunk += 1) {
        if (!this.await(chunk)) return chunk * this.chunkBytes
        yield { ...slots[chunk % SLOTS]!, consumedBytes: (chunk + 1) * this.chunkBytes }
        Atomics.store(control, TAKEN, chunk + 1)
        Atomics.notify(control, TAKEN)
      }
      return this.chunks * this.chunkBytes
    } finally {
      Atomics.store(control, NEXT, this.chunks)
      Atomics.store(control, TAKEN, this.chunks)
      Atomics.notify(control, TAKEN)
    }
  }

  /** Until a chunk is scanned, by us or the other one; false where it will not be. */
  private await(chunk: number): boolean {
    const { control } = this
    const held = HELD + (chunk % SLOTS)
    for (;;) {
      const state = Atomics.load(control, held)
      if (state === chunk + 1) return true
      if (state === FAILED) return false
      if (!this.scanNext() && Atomics.wait(control, held, state, LIMIT_MS) === 'timed-out') return false
    }
  }

  /** Reads and scans the next chunk that nobody has begun; false where there is none, or no slot is free for it. */
  private scanNext(): boolean {
    const { control } = this
    const chunk = Atomics.load(control, NEXT)
    if (chunk >= this.chunks || chunk >= Atomics.load(control, TAKEN) + SLOTS) return false
    if (Atomics.compareExchange(control, NEXT, chunk, chunk + 1) !== chunk) return true
    const slot = chunk % SLOTS
    const { bytes, lines } = this.slots[slot]!
    const isWhole = this.read(bytes, chunk * this.chunkBytes)
    if (isWhole) lines.fill(bytes, this.scanner)
    Atomics.store(control, HELD + slot, isWhole ? chunk + 1 : FAILED)
    Atomics.notify(control, HELD + slot)
    return true
  }

  private read(bytes: Buffer, position: number): boolean {
    try {
      return readSync(this.fd, bytes, 0, this.chunkBytes, position) === this.chunkBytes
    } catch {
      // Whoever reads it again says why.
      return false
    }
  }
}
