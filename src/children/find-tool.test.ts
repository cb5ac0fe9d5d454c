import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { findCommand, findTool, isExecutableFile, isSetuid } from './find-tool.ts'

const folder = temporaryFolder()
const other = join(folder, 'other')
mkdirSync(other)
function file(path: string, mode: number): string {
  writeFileSync(path, '#!/bin/sh\n')
  chmodSync(path, mode)
  return path
}
const ours = file(join(folder, 'tracer-of-this-test'), 0o755)
file(join(folder, 'plain-of-this-test'), 0o644)
mkdirSync(join(folder, 'folder-of-this-test'))

describe('a tool', () => {
  test('is found in a folder of the PATH, all folders for the first name before the next', () => {
    expect(findTool(['tracer-of-this-test'], `${other}:${folder}`)).toBe(ours)
    const second = file(join(other, 'second-of-this-test'), 0o755)
    expect(findTool(['none', 'tracer-of-this-test', 'second-of-this-test'], `${other}:${folder}`)).toBe(ours)
    expect(findTool(['second-of-this-test', 'tracer-of-this-test'], `${other}:${folder}`)).toBe(second)
  })

  test.each(['plain-of-this-test', 'folder-of-this-test', '../tracer-of-this-test', '', 'nowhere-at-all'])(
    '%j is none',
    name => {
      expect(findTool([name], folder)).toBeUndefined()
    },
  )

  test('a relative folder of the PATH is no place to take one from', () => {
    expect(findTool(['tracer-of-this-test'], '.')).toBeUndefined()
  })
})

test('why a command cannot be run', () => {
  expect(findCommand(ours)).toBe(ours)
  expect(() => findCommand(join(folder, 'nowhere'))).toThrow(/it is no such file/)
  expect(() => findCommand(join(folder, 'folder-of-this-test'))).toThrow(/it is no file that can be executed/)
  expect(() => findCommand('nowhere-at-all')).toThrow(/no folder of PATH has it/)
})

test('rights', () => {
  expect([isExecutableFile(ours), isExecutableFile(join(folder, 'plain-of-this-test'))]).toEqual([true, false])
  expect([isSetuid(ours), isSetuid(file(join(folder, 'setuid'), 0o4755))]).toEqual([false, true])
})
