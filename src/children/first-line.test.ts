import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { InputError } from '../errors.ts'
import { firstLine } from './first-line.ts'

const folder = temporaryFolder()
const file = (content: string | Buffer) => {
  const path = join(folder, 'recording')
  writeFileSync(path, content)
  return path
}

test.each([
  ['plain', 'first\nsecond\n', 'first'],
  ['without a line end', 'first', 'first'],
  ['empty', '', ''],
  ['bytes', Buffer.from([0xe9, 0x0a]), '\xe9'],
  ['packed', gzipSync(`first\n${'x'.repeat(1e6)}`), 'first'],
])('%s', (_, content, line) => {
  expect(firstLine(file(content))).toBe(line)
})

test('of a very long line the beginning', () => {
  expect(firstLine(file('x'.repeat(1e6)))).toHaveLength(64 * 1024)
})

test('what cannot be read is an error that names it', () => {
  expect(() => firstLine(join(folder, 'nowhere'))).toThrow(/there is no recording at .*nowhere/)
  expect(() => firstLine(folder)).toThrow(InputError)
})
