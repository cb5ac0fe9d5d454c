import { expect, test } from 'vitest'
import { addressBytes, addressDigits } from './hex-address.ts'

test.each([
  ['0100007F', true, [127, 0, 0, 1]],
  ['7F000001', false, [127, 0, 0, 1]],
  ['0000000000000000FFFF00000100007F', true, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1]],
])('%s, little endian: %s', (digits, littleEndian, bytes) => {
  expect([...addressBytes(digits, littleEndian)]).toEqual(bytes)
  expect(addressDigits(Uint8Array.from(bytes), littleEndian)).toBe(digits)
})
