import { needs } from '../../test/support/needs.ts'
import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { InputError } from '../errors.ts'
import { openByteStream } from './byte-stream.ts'

const folder = temporaryFolder()

async function textOf(path: string): Promise<string> {
  let text = ''
  for await (const chunk of openByteStream(path).chunks()) text += chunk.toString('latin1')
  return text
}

test('a file has a size, and is unpacked', async () => {
  const path = join(folder, 'packed')
  const packed = gzipSync('a line\n'.repeat(500_000))
  writeFileSync(path, packed)
  expect(openByteStream(path).sizeBytes).toBe(packed.length)
  expect((await textOf(path)).length).toBe(3_500_000)
})

test.each([
  ['as it is', (bytes: Buffer) => bytes],
  ['packed', gzipSync],
])('a named pipe is read to its end, %s', needs('mkfifo'), async (_, pack) => {
  const path = join(folder, `pipe-${pack.name}`)
  const source = `${path}.source`
  writeFileSync(source, pack(Buffer.from('read(3) = 0\n'.repeat(200_000))))
  execFileSync('mkfifo', [path])
  spawn('sh', ['-c', 'cat "$0" > "$1"', source, path], { stdio: 'ignore' })
  const stream = openByteStream(path)
  expect(stream.sizeBytes).toBeUndefined()
  let bytes = 0
  for await (const chunk of stream.chunks()) bytes += chunk.length
  expect(bytes).toBe(2_400_000)
})

test('a folder and a missing file are errors that name them', () => {
  expect(() => openByteStream(folder)).toThrow(InputError)
  expect(() => openByteStream(folder)).toThrow(/could not be read: it is a folder$/)
  expect(() => openByteStream(join(folder, 'nowhere'))).toThrow(/there is no file .*nowhere/)
})
