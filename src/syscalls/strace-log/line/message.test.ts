import { expect, test } from 'vitest'
import { isStraceMessage } from './message.ts'

test.each([
  ['strace: Process 25082 attached', true],
  ['/usr/local/bin/strace-6.1: Process 25082 detached', true],
  ['Process 25082 attached', true],
  ['^C^Cstrace: Process 25082 detached', true],
  ["Try 'strace -h' for more information.", true],
  ['', true],
  ['read(3) = 0', false],
  ['Processes 5', false],
  ['my strace: hello', false],
])('%j is a message of strace: %s', (line, expected) => {
  expect(isStraceMessage(line)).toBe(expected)
})
