import { expect, test } from 'vitest'
import { endpoint, formatIp, isLoopbackIp, isMappedIp, isUnspecifiedIp, unmapIp } from './ip-address.ts'

/** As inet_ntop() of glibc prints them. */
test.each([
  ['7f000001', '127.0.0.1'],
  ['0'.repeat(32), '::'],
  [`${'0'.repeat(31)}1`, '::1'],
  ['20010db8000000000000000000000001', '2001:db8::1'],
  ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
  // The first of two equal runs; a single zero is no run.
  ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
  ['00010000000300040005000600070008', '1:0:3:4:5:6:7:8'],
  ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
  ['000000000000000000000000c0000201', '::192.0.2.1'],
  ['fe800000000000000000000000000000', 'fe80::'],
])('%s is %s', (hex, text) => {
  expect(formatIp(Buffer.from(hex, 'hex'))).toBe(text)
})

test.each([
  ['::ffff:192.0.2.1', true, '192.0.2.1'],
  ['::ffff:c000:201', false, '::ffff:c000:201'],
  ['192.0.2.1', false, '192.0.2.1'],
])('%s is mapped: %s', (address, mapped, without) => {
  expect(isMappedIp(address)).toBe(mapped)
  expect(unmapIp(address)).toBe(without)
})

test.each([
  ['0.0.0.0', true, false],
  ['::', true, false],
  ['::1', false, true],
  ['127.8.8.8', false, true],
  ['128.0.0.1', false, false],
  ['::11', false, false],
])('%s: unspecified %s, loopback %s', (address, unspecified, loopback) => {
  expect(isUnspecifiedIp(address)).toBe(unspecified)
  expect(isLoopbackIp(address)).toBe(loopback)
})

test('an IPv6 address is in brackets before its port', () => {
  expect(endpoint('::1', 80)).toBe('[::1]:80')
  expect(endpoint('192.0.2.1', 80)).toBe('192.0.2.1:80')
})
