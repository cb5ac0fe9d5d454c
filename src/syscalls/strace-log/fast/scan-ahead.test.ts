import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { CHUNK_BYTES, openByteStream } from '../../../proc/byte-stream.ts'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { StraceLogReader } from '../log-reader.ts'
import { chunksScannedAhead } from './scan-ahead.ts'

const folder = temporaryFolder()
const log = join(folder, 'a.log')
const text = Buffer.from('7 read(3</etc/passwd>, "x", 1) = 1 <0.000010>\n'.repeat(150_000))

writeFileSync(log, text)

async function read(path: string, pays?: boolean) {
  const reader = new StraceLogReader()
  const stream = openByteStream(path)
  let scanned = 0
  let consumed = 0
  for await (const { bytes, lines, consumedBytes } of chunksScannedAhead(stream, pays)) {
    if (lines !== undefined) scanned += 1
    expect(consumedBytes).toBeGreaterThan(consumed)
    consumed = consumedBytes
    reader.push(bytes, lines)
  }
  expect(consumed).toBe(stream.sizeBytes)
  return { scanned, calls: reader.end().syscalls[0]!.calls }
}

test('whole chunks come with their lines, the rest without', async () => {
  expect(await read(log, true)).toEqual({ scanned: Math.floor(text.length / CHUNK_BYTES), calls: 150_000 })
})

test('a small log is read without a second thread', async () => {
  expect(await read(log)).toEqual({ scanned: 0, calls: 150_000 })
})

test('a packed log is read without a second thread', async () => {
  const packed = join(folder, 'a.log.gz')
  writeFileSync(packed, gzipSync(text))
  let scanned = 0
  for await (const { lines } of chunksScannedAhead(openByteStream(packed), true)) scanned += lines ? 1 : 0
  expect(scanned).toBe(0)
})

test('a file that is given up can be left in the middle', async () => {
  const endless = join(folder, 'endless')
  writeFileSync(endless, '')
  truncateSync(endless, 100 * CHUNK_BYTES)
  const reader = new StraceLogReader()
  for await (const { bytes, lines } of chunksScannedAhead(openByteStream(endless), true)) {
    expect(lines!.lines).toBe(0)
    reader.push(bytes, lines)
    if (reader.unreadBytes > CHUNK_BYTES) break
  }
  expect(reader.unreadBytes).toBe(2 * CHUNK_BYTES)
})
