import { availableParallelism } from 'node:os'
import { SHARE_ENV, Worker } from 'node:worker_threads'
import type { ScannedLines } from './scanned-lines.ts'
import { CHUNK_BYTES, type ByteStream } from '../../../proc/byte-stream.ts'
import { ChunkRing, ringMemory, type RingMemory, type ScannedChunk } from './chunk-ring.ts'

/** Bytes of a log from which on a second thread pays for its start, which takes 30 ms of another processor. */
const MANY_BYTES = 64 * 1024 * 1024

/** Text of scan-thread.ts with all it imports, put here by scripts/build.mjs; absent where the sources run unbuilt. */
declare const SCAN_THREAD: string

export interface Chunk {
  bytes: Buffer
  /** What was found in it ahead. */
  lines?: ScannedLines
  /** Bytes of the stream up to its end. */
  consumedBytes: number
}

/** The chunks of a stream; those of a large file with the lines in them, which a second thread helps to scan. */
export async function* chunksScannedAhead(stream: ByteStream): AsyncGenerator<Chunk> {
  const from = yield* scannedChunks(stream)
  for await (const bytes of stream.chunks(from)) yield { bytes, consumedBytes: stream.consumedBytes }
}

/** Returns where reading has to go on. */
function* scannedChunks({ fd, sizeBytes = 0 }: ByteStream): Generator<ScannedChunk, number> {
  if (typeof SCAN_THREAD !== 'string' || fd === undefined || sizeBytes < MANY_BYTES || availableParallelism() < 2)
    return 0
  const memory = ringMemory(fd, sizeBytes, CHUNK_BYTES)
  startThread(SCAN_THREAD, memory)
  return yield* new ChunkRing(memory, 0).take()
}

/** Without the thread everything is scanned here: nothing to tell anybody. */
function startThread(program: string, memory: RingMemory): void {
  try {
    const worker = new Worker(program, {
      eval: true,
      workerData: memory,
      env: SHARE_ENV,
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    })
    worker.on('error', () => {})
    worker.unref()
  } catch {}
}
