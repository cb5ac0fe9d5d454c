import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  errnoOf,
  InputError,
  isVanished,
  MachineError,
  optional,
  systemReason,
  ToolError,
  UsageError,
} from './errors.ts'

test('an error ends with the exit code of its kind', () => {
  expect(new UsageError('x')).toMatchObject({ code: 'usage', exit: 2, name: 'UsageError' })
  expect(new MachineError('not-linux', 'x')).toMatchObject({ exit: 3 })
  expect(new InputError('output-unwritable', 'x', { hint: 'do y' })).toMatchObject({ exit: 4, hint: 'do y' })
  expect(new ToolError('x', { cause: 'why' })).toMatchObject({ code: 'tool-failed', exit: 5, cause: 'why' })
})

test.each([
  ['ENOSPC: no space left on device, write', 'no space left on device'],
  ["EACCES: permission denied, open '/x, y'", 'permission denied'],
  ['EBADF: bad file descriptor', 'bad file descriptor'],
  ['incorrect header check', 'incorrect header check'],
])('%j is because of: %s', (message, reason) => {
  expect(systemReason(new Error(message))).toBe(reason)
})

test('a folder is called one', () => {
  expect(
    systemReason(Object.assign(new Error('EISDIR: illegal operation on a directory, read'), { code: 'EISDIR' })),
  ).toBe('it is a folder')
})

test('the name of a system error, and what is gone', () => {
  let thrown: unknown
  try {
    readFileSync('/no/such/file')
  } catch (error) {
    thrown = error
  }
  expect([errnoOf(thrown), isVanished(thrown), errnoOf(undefined), isVanished('x')]).toEqual([
    'ENOENT',
    true,
    'EIO',
    false,
  ])
  expect(optional(() => readFileSync('/no/such/file'))).toBeUndefined()
})
