import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { isPacked, openBytes, readAtMost, unpack, unpackHead, unpacked } from './open-bytes.ts'

const TEXT = Buffer.from('line\n'.repeat(50_000))
const PACKED = gzipSync(TEXT)

async function whole(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(Buffer.from(chunk))
  return Buffer.concat(all)
}

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test('what is packed is seen by its first two bytes', () => {
  expect([isPacked(PACKED), isPacked(TEXT), isPacked(PACKED.subarray(0, 1))]).toEqual([true, false, false])
})

test('bytes come out as they were before they were packed', async () => {
  expect(unpack(PACKED).equals(TEXT)).toBe(true)
  expect(unpack(TEXT)).toBe(TEXT)
  expect((await whole(unpacked(cut(PACKED, 1000)))).equals(TEXT)).toBe(true)
  expect((await whole(unpacked(cut(TEXT, 1000)))).equals(TEXT)).toBe(true)
  expect((await whole(unpacked(cut(Buffer.alloc(0), 1)))).length).toBe(0)
})

test('a beginning is unpacked as far as it goes', () => {
  const head = unpackHead(PACKED.subarray(0, 60))
  expect(head.length).toBeGreaterThan(0)
  expect(TEXT.subarray(0, head.length).equals(head)).toBe(true)
})

test('no more is unpacked than is allowed', () => {
  expect(() => unpack(PACKED, 1000)).toThrow(/larger than 1000/)
})

test('a file of either kind is read, and no more of it than is allowed', async () => {
  const file = join(temporaryFolder(), 'a')
  writeFileSync(file, PACKED)
  expect((await whole(openBytes(file))).equals(TEXT)).toBe(true)
  expect(readAtMost(file, PACKED.length).equals(PACKED)).toBe(true)
  expect(() => readAtMost(file, PACKED.length - 1)).toThrow('it is larger than')
})
