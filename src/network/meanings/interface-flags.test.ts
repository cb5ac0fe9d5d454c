import { expect, test } from 'vitest'
import { hasInterfaceFlag, interfaceFlagLetters, interfaceFlagNames } from './interface-flags.ts'

test.each([
  [73, 'LRU', ['UP', 'LOOPBACK', 'RUNNING']],
  [4163, 'BMRU', ['UP', 'BROADCAST', 'RUNNING', 'MULTICAST']],
  [0x10d1, 'MOPRU', ['UP', 'POINTOPOINT', 'RUNNING', 'NOARP', 'MULTICAST']],
  [0, '[NO FLAGS]', []],
])('%s is %s', (flags, letters, names) => {
  expect(interfaceFlagLetters(flags)).toBe(letters)
  expect(interfaceFlagNames(flags)).toEqual(names)
})

test('one flag', () => {
  expect([hasInterfaceFlag(73, 'UP'), hasInterfaceFlag(72, 'UP')]).toEqual([true, false])
})
