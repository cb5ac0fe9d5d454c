import { closeSync, createReadStream, readSync } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip, gunzipSync } from 'node:zlib'
import { openForCaller } from '../files/caller-rights.ts'
import { formatBytes } from '../terminal/units.ts'

/** Z_SYNC_FLUSH: hand out what is there, although the end is missing. */
const UNFINISHED = 2

/** Whether bytes are compressed in a way that is undone here: gzip, by its first two bytes. */
export function isPacked(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/** All the bytes, unpacked where they are packed; `maxBytes` of them at most. */
export function unpack(bytes: Buffer, maxBytes?: number): Buffer {
  if (!isPacked(bytes)) return bytes
  return maxBytes === undefined ? gunzipSync(bytes) : gunzipSync(bytes, { maxOutputLength: maxBytes })
}

/** As {@link unpack}, of the beginning of a file alone. */
export function unpackHead(head: Buffer): Buffer {
  return isPacked(head) ? gunzipSync(head, { finishFlush: UNFINISHED }) : head
}

/** The bytes of a stream in chunks, unpacked where they are packed. A chunk is valid until the next one is asked for. */
export async function* unpacked(raw: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = raw[Symbol.asyncIterator]()
  const first = await chunks.next()
  if (first.done === true) return
  const whole = (async function* () {
    yield first.value
    yield* { [Symbol.asyncIterator]: () => chunks }
  })()
  if (!isPacked(first.value)) {
    yield* whole
    return
  }
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  // What is read ahead may share its buffer with what comes next: gunzip must not keep it.
  const input = Readable.from(copies(whole))
  input.on('error', error => gunzip.destroy(error))
  for await (const chunk of input.pipe(gunzip)) yield chunk as Buffer
}

/** The bytes of a file in chunks, unpacked where they are packed. */
export function openBytes(path: string): AsyncGenerator<Buffer> {
  return unpacked(createReadStream(path, { fd: openForCaller(path) }) as AsyncIterable<Buffer>)
}

/** The first bytes of a file, as they stand in it. */
export function readHead(path: string, mostBytes: number): Buffer {
  const fd = openForCaller(path)
  try {
    const head = Buffer.alloc(mostBytes)
    return head.subarray(0, readSync(fd, head, 0, mostBytes, 0))
  } finally {
    closeSync(fd)
  }
}

/** A file whole, where it has at most `mostBytes`: a device may have no end. */
export function readAtMost(path: string, mostBytes: number): Buffer {
  const fd = openForCaller(path)
  const bytes = Buffer.allocUnsafe(mostBytes + 1)
  let length = 0
  try {
    for (let read = 1; read > 0 && length <= mostBytes; length += read) {
      read = readSync(fd, bytes, length, bytes.length - length, null)
    }
  } finally {
    closeSync(fd)
  }
  if (length > mostBytes) throw new Error(`it is larger than ${formatBytes(mostBytes)}`)
  return Buffer.from(bytes.subarray(0, length))
}

async function* copies(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}
