import { expect, test } from 'vitest'
import { fixed, percent, tupleName } from './words.ts'

test.each([
  [0, '0'],
  [0.004, '0.00'],
  [0.5, '0.50'],
  [1, '1.0'],
  [99.94, '99.9'],
  [100.4, '100'],
  [28232, '28232'],
])('%d is written %s', (value, text) => expect(fixed(value)).toBe(text))

test.each([
  [0, '0.0 %'],
  [0.0009, '<0.1 %'],
  [0.001, '0.1 %'],
  [0.0994, '9.9 %'],
  [0.1, '10 %'],
  [1, '100 %'],
])('a share of %d is written %s', (share, text) => expect(percent(share)).toBe(text))

test('a destination stands before the address it is reached from', () => {
  expect(tupleName({ localAddress: '::1', remoteAddress: '::2', remotePort: 443 })).toBe('[::2]:443 from ::1')
})
