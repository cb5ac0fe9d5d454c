import { expect, test } from 'vitest'
import { namesIn } from './names.ts'

test.each([
  [['nginx'], 10, 'nginx'],
  [['nginx', 'sshd'], 10, 'nginx sshd'],
  [['nginx', 'sshd'], 9, 'nginx +1'],
  [['nginx', 'sshd', 'ntpd'], 13, 'nginx sshd +1'],
  [['nginx', 'sshd', 'ntpd'], 12, 'nginx +2'],
  [['a-long-program-name', 'sshd'], 12, 'a-lo…name +1'],
  [['bü\x1b[31m', 'x'], 40, 'b\\xfc\\x1b[31m x'],
  [[], 10, ''],
])('%j in %i columns', (names, width, text) => {
  expect(namesIn(names, width)).toBe(text)
})
