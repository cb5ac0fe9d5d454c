import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { needs } from '../../test/support/needs.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { openLines, writeLines } from './line-file.ts'

async function linesOf(path: string): Promise<string[]> {
  const lines: string[] = []
  await (await openLines(path)).each(line => lines.push(line))
  return lines
}

test('lines are written as they come and read again, packed or not', async () => {
  const path = join(temporaryFolder(), 'a')
  const file = await writeLines(path)
  file.line('{"type":"start"}')
  file.flush()
  file.line('\xff\xc3')
  file.line('')
  await file.close()
  expect(await linesOf(path)).toEqual(['{"type":"start"}', '\xff\xc3', ''])
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)))
  expect(await linesOf(`${path}.gz`)).toEqual(['{"type":"start"}', '\xff\xc3', ''])
})

test.each([
  ['what is not there', '/no/such/file', 'input-missing', 'there is no recording at /no/such/file'],
  ['a folder', '/', 'input-unreadable', 'the recording / could not be read: it is a folder'],
])('%s', async (_, path, code, message) => {
  await expect(linesOf(path)).rejects.toMatchObject({ code, message, exit: 4 })
})

test('a line without an end is given up', needs('Linux'), async () => {
  await expect(linesOf('/dev/zero')).rejects.toMatchObject({
    code: 'input-format',
    message: '/dev/zero is no recording: a line of it is longer than 64 MiB',
  })
})

test.each([
  ['plain', 'first\nsecond\n', 'first', 2],
  ['without a line end', 'first', 'first', 1],
  ['empty', '', undefined, 0],
  ['an empty line', '\nx', '', 2],
  ['packed, in several chunks', gzipSync(`first\n${'x\n'.repeat(1e6)}`), 'first', 1_000_001],
  ['a long one', 'x'.repeat(1e6), 'x'.repeat(1e6), 1],
] as const)('the first line tells what it is, and comes with the others: %s', async (_, content, first, count) => {
  const path = join(temporaryFolder(), 'a')
  writeFileSync(path, content)
  const lines = await openLines(path)
  expect(lines.first).toBe(first)
  let seen = 0
  let begin: string | undefined
  await lines.each(line => {
    begin ??= line
    seen += 1
  })
  expect([begin, seen]).toEqual([first, count])
})
