import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { parseIfInet6 } from './if-inet6.ts'

test('addresses with their interfaces', () => {
  const addresses = parseIfInet6(readFileSync(fixture('firewall/if_inet6')))
  expect(addresses.map(({ address, interfaceName }) => `${interfaceName} ${address}`)).toEqual([
    'v0 fe80::6080:f0ff:fe9c:92cf',
    'v0 2001:db8::5',
    'br0 fe80::44ac:baff:fe8e:9928',
    'v0 fd00::1',
    'v1 fe80::98b1:30ff:fedb:5f57',
    'lo ::1',
  ])
  expect(addresses[0]).toMatchObject({ interfaceIndex: 4, unusable: false })
})

test.each([
  ['20010db8000000000000000000000005 04 40 00 c0       v0', [true]],
  ['20010db8000000000000000000000005 04 40 00 88       v0', [true]],
  ['20010db8000000000000000000000005 04 40 00 80       v0', [false]],
  ['20010db800000000000000000000000 04 40 00 80       v0', []],
  ['20010db8000000000000000000000005 04 40 00 80', []],
])('%s', (line, unusable) => {
  expect(parseIfInet6(Buffer.from(`${line}\n`)).map(address => address.unusable)).toEqual(unusable)
})
