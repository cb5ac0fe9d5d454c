import { availableParallelism } from 'node:os'
import type { ScannedLines } from './scanned-lines.ts'
import { PIECE_BYTES, type ByteStream } from '../../../proc/byte-stream.ts'
import { startThread } from '../../../proc/start-thread.ts'
import { PieceRing, ringMemory, type ScannedPiece } from './chunk-ring.ts'

/** Bytes of a log from which on a second thread pays for its start, which takes 30 ms of another processor. */
const MANY_BYTES = 64 * 1024 * 1024

/** Text of scan-thread.ts with all it imports, put here by scripts/build.mjs; absent where the sources run unbuilt. */
declare const SCAN_THREAD: string

export interface Piece {
  bytes: Buffer
  /** What was found in it ahead. */
  lines?: ScannedLines
  /** Bytes of the stream up to its end. */
  takenBytes: number
}

/** The pieces of a stream; those of a large file with the lines in them, which a second thread helps to scan. */
export async function* piecesScannedAhead(stream: ByteStream): AsyncGenerator<Piece> {
  const from = yield* scannedPieces(stream)
  for await (const bytes of stream.pieces(from)) yield { bytes, takenBytes: stream.takenBytes }
}

/** Returns where reading has to go on. */
function* scannedPieces({ fd, sizeBytes = 0 }: ByteStream): Generator<ScannedPiece, number> {
  if (typeof SCAN_THREAD !== 'string' || fd === undefined || sizeBytes < MANY_BYTES || availableParallelism() < 2)
    return 0
  const memory = ringMemory(fd, sizeBytes, PIECE_BYTES)
  startThread(SCAN_THREAD, {
    workerData: memory,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  })
  return yield* new PieceRing(memory, 0).take()
}
