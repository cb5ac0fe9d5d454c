import type { ScannedLines } from './scanned-lines.ts'
import { CHUNK_BYTES, type ByteStream } from '../../../proc/byte-stream.ts'
import { isProcessorFree, startThread } from '../../../processes/start-thread.ts'
import { ChunkRing, ringMemory, type ScannedChunk } from './chunk-ring.ts'

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

/**
 * The chunks of a stream; those of a large file with the lines in them, which a second thread helps to scan where a
 * processor is free when reading begins.
 */
export async function* chunksScannedAhead(
  stream: ByteStream,
  pays = (stream.sizeBytes ?? 0) >= MANY_BYTES && isProcessorFree(),
): AsyncGenerator<Chunk> {
  const from = pays ? yield* scannedChunks(stream) : 0
  for await (const bytes of stream.chunks(from)) yield { bytes, consumedBytes: stream.consumedBytes }
}

/** Returns where reading has to go on. */
function* scannedChunks({ fd, sizeBytes }: ByteStream): Generator<ScannedChunk, number> {
  if (fd === undefined || sizeBytes === undefined) return 0
  const program = typeof SCAN_THREAD === 'string' ? SCAN_THREAD : undefined
  const memory = ringMemory(fd, sizeBytes, CHUNK_BYTES)
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 }
  if (startThread(program, { workerData: memory, resourceLimits }) === undefined) return 0
  return yield* new ChunkRing(memory, 0).take()
}
