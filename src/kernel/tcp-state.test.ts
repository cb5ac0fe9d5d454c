import { expect, test } from 'vitest'
import { datagramStateName, TCP_STATE, tcpStateName } from './tcp-state.ts'

test.each([
  [1, 'ESTABLISHED'],
  [3, 'SYN_RECV'],
  [6, 'TIME_WAIT'],
  [7, 'CLOSE'],
  [10, 'LISTEN'],
  [11, 'CLOSING'],
  [0, 'UNKNOWN(0)'],
  [12, 'UNKNOWN(12)'],
])('TCP state %i is %s', (state, name) => {
  expect(tcpStateName(state)).toBe(name)
})

test('every state has the name of its key', () => {
  for (const [key, state] of Object.entries(TCP_STATE))
    expect(tcpStateName(state).replaceAll('_', '').toLowerCase()).toBe(key.toLowerCase())
})

test.each([
  [1, 'ESTABLISHED'],
  [7, ''],
  [10, undefined],
])('a datagram socket in state %i: %s', (state, name) => {
  expect(datagramStateName(state)).toBe(name)
})
