import { expect, test } from 'vitest'
import { scopeOf } from './address-scope.ts'

test.each([
  ['127.0.0.1', 'loopback'],
  ['127.9.9.9', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::2', 'public'],
  ['169.254.1.1', 'link-local'],
  ['169.253.1.1', 'public'],
  ['fe80::1', 'link-local'],
  ['febf::1', 'link-local'],
  ['fec0::1', 'public'],
  ['10.1.1.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['100.128.0.1', 'public'],
  ['fd00::1', 'private'],
  ['2001:db8::1', 'public'],
  ['nothing', 'unknown'],
])('%s is %s', (address, scope) => {
  expect(scopeOf(address)).toBe(scope)
})
