import { expect, test } from 'vitest'
import { isUnixListener, unixFlagNames, unixStateName } from './unix-socket.ts'

test.each([
  [1, 0x10000, 'LISTENING'],
  [1, 0, ''],
  [2, 0, 'CONNECTING'],
  [3, 0, 'CONNECTED'],
  [3, 0x10000, 'CONNECTED'],
  [9, 0, undefined],
])('state %i with flags %i is %s', (state, flags, name) => {
  expect(unixStateName({ state, flags })).toBe(name)
  expect(isUnixListener({ state, flags })).toBe(name === 'LISTENING')
})

test('flags by netstat’s names, in its order', () => {
  expect(unixFlagNames(0x70000)).toEqual(['ACC', 'W', 'N'])
  expect(unixFlagNames(0x20001)).toEqual(['W'])
})
