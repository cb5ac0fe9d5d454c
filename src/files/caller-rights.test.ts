import { closeSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { checkCallerMay, listForCaller, openForCaller } from './caller-rights.ts'

// What a program does that may more than its caller: test/live/executable-capabilities.test.ts.

test('without rights of its own, what the system lets it open is open, and nothing is left open', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'a'), 'text')
  mkdirSync(join(folder, 'b'))
  const fd = openForCaller(join(folder, 'a'))
  expect(readFileSync(fd, 'utf8')).toBe('text')
  closeSync(fd)
  expect(listForCaller(folder).sort()).toEqual(['a', 'b'])
  expect(() => checkCallerMay(join(folder, 'none'), 'read')).not.toThrow()
})

test.each([
  ['open', 'ENOENT', (folder: string) => openForCaller(join(folder, 'none'))],
  ['list', 'ENOENT', (folder: string) => listForCaller(join(folder, 'none'))],
  ['list', 'ENOTDIR', (folder: string) => listForCaller(join(folder, 'a'))],
])('%s: %s is told as it is', (_, code, use) => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'a'), '')
  expect(() => use(folder)).toThrow(expect.objectContaining({ code }))
})
