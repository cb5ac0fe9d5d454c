import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, test } from 'vitest'
import { ChunkRing, ringMemory } from './chunk-ring.ts'
import { readSyscallProfile } from '../../read-profile.ts'
import type { SyscallProfile } from '../../profile.ts'
import { StraceLogReader } from '../log-reader.ts'
import { openByteStream, CHUNK_BYTES } from '../../../proc/byte-stream.ts'
import { startThread } from '../../../processes/start-thread.ts'
import { BROKEN_CALLS, captures } from '../../../../test/support/strace-captures.ts'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'

const folder = temporaryFolder()
const path = join(folder, 'all.log')
const options = { isWallTime: false, files: true, threads: true, stacks: true }
declare const SCAN_THREAD: string

/** Every log there is, one behind the other until they fill some chunks, so that ends of chunks fall anywhere. */
beforeAll(async () => {
  const logs = (await captures('logs', /(\.log|^ff\/out\.\d+)$/)).map(({ bytes }) => bytes)
  const all = Buffer.concat([BROKEN_CALLS, ...logs])
  const times = Math.ceil((20 * 1024 * 1024) / all.length)
  writeFileSync(path, Buffer.concat(Array.from({ length: times }, (_, i) => all.subarray(i * 37))))
})

/** Reads the file by a ring as far as it goes, and the rest as it is without one. */
async function read(file: string, threads: number, sizeBytes = statSync(file).size) {
  const fd = openSync(file, 'r')
  const memory = ringMemory(fd, sizeBytes, CHUNK_BYTES)
  const workers: Worker[] = Array.from({ length: threads - 1 }, () => startThread(SCAN_THREAD, { workerData: memory })!)
  const reader = new StraceLogReader(options)
  const scanners = new Set<number>()
  reader.beginInput({ label: file })
  const chunks = new ChunkRing(memory, 0).take()
  let turn = chunks.next()
  for (; turn.done !== true; turn = chunks.next()) {
    const { bytes, lines } = turn.value
    scanners.add(lines.scanner)
    reader.push(bytes, lines)
    // The other thread takes a while to start.
    if (threads > 1 && scanners.size === 1) await new Promise(resolve => setTimeout(resolve, 20))
  }
  await Promise.all(workers.map(worker => worker.terminate()))
  closeSync(fd)
  return { reader, from: turn.value, scanners }
}

const unsplit = (file: string) => readSyscallProfile([file], options)

async function finished(file: string, { reader, from }: Awaited<ReturnType<typeof read>>): Promise<SyscallProfile> {
  for await (const chunk of openByteStream(file).chunks(from)) reader.push(chunk)
  return reader.end()
}

describe('a log read by a ring of chunks', () => {
  test.each([1, 2])('has the same profile with %d threads', async threads => {
    const ring = await read(path, threads)
    expect(ring.scanners.size).toBe(threads)
    expect(await finished(path, ring)).toEqual(await unsplit(path))
  })

  test('has the same profile where a line takes several chunks, or does not end', async () => {
    const long = join(folder, 'long.log')
    const bytes = readFileSync(path)
    const endless = Buffer.alloc(3.5 * CHUNK_BYTES, 'x')
    const middle = bytes.indexOf('\n', bytes.length >> 2) + 1
    writeFileSync(long, Buffer.concat([bytes.subarray(0, middle), endless, bytes.subarray(middle - 1), endless]))
    const ring = await read(long, 2)
    expect(ring.scanners.size).toBe(2)
    expect(await finished(long, ring)).toEqual(await unsplit(long))
  })

  test('is read on as without one where the file turns out shorter', async () => {
    const short = join(folder, 'short.log')
    writeFileSync(short, readFileSync(path).subarray(0, 3_500_000))
    const ring = await read(short, 1, 8_000_000)
    expect(ring.from).toBe(3 * CHUNK_BYTES)
    expect(await finished(short, ring)).toEqual(await unsplit(short))
  })
})
