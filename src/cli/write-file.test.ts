import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkWritable, writeFile } from './write-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'linsight-write-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a check keeps the content, a write replaces it or adds to it', () => {
  const path = join(folder, 'out')
  writeFile(path, ['a', 'b'], false)
  checkWritable(path)
  writeFile(path, ['c'], true)
  expect(readFileSync(path, 'utf8')).toBe('abc')
  writeFile(path, ['d'], false)
  expect(readFileSync(path, 'utf8')).toBe('d')
})

test.each([
  ['a check', checkWritable],
  ['a write', (path: string) => writeFile(path, ['x'], false)],
])('%s of a file in a folder that is not there: exit 4', (_, use) => {
  const path = join(folder, 'nothing', 'out')
  let thrown: unknown
  try {
    use(path)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ code: 'input-unreadable', exit: 4 })
  expect((thrown as Error).message).toContain(`${path} could not be written: ENOENT`)
})
