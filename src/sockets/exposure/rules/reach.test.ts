import { expect, test } from 'vitest'
import { reachOf } from './reach.ts'

const OWN = ['127.0.0.1', '192.0.2.1', '10.0.0.1', '192.0.2.2', '::1', 'fe80::1', '2001:db8::1']
const lines = (bound: string, takesIpv4?: boolean, own = OWN) =>
  reachOf(bound, takesIpv4, own).map(
    ({ family, scope, addresses, perhaps }) => `${family} ${scope} ${addresses.join(',')}${perhaps ? ' perhaps' : ''}`,
  )

const IPV4 = ['4 public 192.0.2.1,192.0.2.2', '4 private 10.0.0.1', '4 loopback 127.0.0.1']
const IPV6 = ['6 public 2001:db8::1', '6 link-local fe80::1', '6 loopback ::1']

test.each<[string, string, boolean | undefined, string[]]>([
  ['any address of IPv4', '0.0.0.0', undefined, IPV4],
  ['of IPv6 alone', '::', false, IPV6],
  ['of both', '::', true, [...IPV6, ...IPV4]],
  ['of IPv6, and IPv4 perhaps', '::', undefined, [...IPV6, ...IPV4.map(line => `${line} perhaps`)]],
  ['loopback', '127.0.0.1', undefined, ['4 loopback 127.0.0.1']],
  ['one address', '10.0.0.1', undefined, ['4 private 10.0.0.1']],
  ['an IPv4 address in a socket of IPv6', '::ffff:10.0.0.1', undefined, ['4 private 10.0.0.1']],
  ['an address that is not there', '10.0.0.9', undefined, ['4 private ']],
])('%s', (_, bound, takesIpv4, expected) => {
  expect(lines(bound, takesIpv4)).toEqual(expected)
})

test('where own addresses could not be read, any address is unknown, and one is taken for there', () => {
  expect([lines('0.0.0.0', undefined, []), lines('10.0.0.9', undefined, [])]).toEqual([
    ['4 unknown '],
    ['4 private 10.0.0.9'],
  ])
})
