import { expect, test } from 'vitest'
import { sockaddrText } from './sockaddr.ts'

const sockaddrIn = (...family: number[]) => [...family, 0x01, 0xbb, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0]
const sockaddrIn6 = [10, 0, 0x1f, 0x90, 0, 0, 0, 0, 0x20, 0x01, 0x0d, 0xb8, ...Array(11).fill(0), 1, 0, 0, 0, 0]

test.each([
  ['little-endian', sockaddrIn(2, 0), ['192.0.2.7', 443]],
  ['big-endian', sockaddrIn(0, 2), ['192.0.2.7', 443]],
  ['IPv6', sockaddrIn6, ['2001:db8::1', 8080]],
  // bpftrace prints the bytes of an array as signed numbers.
  ['signed bytes', sockaddrIn(2, 0).map(byte => (byte > 127 ? byte - 256 : byte)), ['192.0.2.7', 443]],
  ['another family', sockaddrIn(1, 0), [undefined, undefined]],
  ['nothing', sockaddrIn(0, 0), [undefined, undefined]],
] as [string, number[], unknown[]][])('%s', (_, bytes, expected) => {
  expect(sockaddrText(bytes)).toEqual(expected)
})
