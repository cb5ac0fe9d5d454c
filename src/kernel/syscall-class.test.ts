import { expect, test } from 'vitest'
import { isInClass } from './syscall-class.ts'

test.each([
  ['file', 'openat', true],
  ['file', 'getcwd', true],
  ['file', 'read', false],
  ['desc', 'read', true],
  ['desc', 'pipe2', true],
  ['desc', 'pipe3', false],
  ['desc', 'poll', true],
  ['desc', 'getppid', false],
  ['network', 'sendto', true],
  ['net', 'sendto', true],
  ['net', 'write', false],
  ['process', 'clone3', true],
  ['signal', 'kill', true],
  ['ipc', 'shmat', true],
  ['memory', 'shmat', true],
  ['creds', 'setuid', true],
  ['clock', 'clock_gettime', true],
  ['clock', 'clock_nanosleep', false],
  ['nosuch', 'read', undefined],
])('%%%s has %s: %s', (group, name, is) => {
  expect(isInClass(group, name)).toBe(is)
})
