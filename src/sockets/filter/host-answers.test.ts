import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseIp } from '../../kernel/parse-ip.ts'
import { formatIp } from '../../kernel/ip-address.ts'
import { isInterface, isOneOf } from './host-answers.ts'

const within = (text: string, network: string, bits: number) =>
  isOneOf([text], { only: undefined, address: { bytes: [...parseIp(network)!], bits } }, new Map())

describe('addresses within a network', () => {
  test.each([
    ['10.9.0.1', '10.9.0.0', 16, true],
    ['10.10.0.1', '10.9.0.0', 16, false],
    ['255.255.255.255', '128.0.0.0', 1, true],
    ['127.0.0.1', '128.0.0.0', 1, false],
    ['1.2.3.4', '9.9.9.9', 0, true],
    ['1.2.3.4', '1.2.3.4', 32, true],
    ['1.2.3.5', '1.2.3.4', 32, false],
    ['::ffff:127.0.0.1', '127.0.0.0', 8, true],
    ['::1', '0.0.0.0', 0, false],
    ['127.0.0.1', '::', 0, false],
    ['::ffff:127.0.0.1', '::ffff:0:0', 96, true],
    ['fd09::1', 'fd00::', 8, true],
    ['fe80::1', 'fd00::', 8, false],
  ])('%s in %s/%i: %s', (text, network, bits, expected) => expect(within(text, network, bits)).toBe(expected))

  test('bit by bit', () => {
    const bytes = fc.uint8Array({ minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(bytes, bytes, fc.nat(32), (address, network, bits) => {
        const text = (of: Uint8Array) => [...of].map(byte => byte.toString(2).padStart(8, '0')).join('')
        const expected = text(address).slice(0, bits) === text(network).slice(0, bits)
        expect(within(formatIp(address), formatIp(network), bits)).toBe(expected)
      }),
    )
  })
})

test.each([
  ['3', 3, 'eth0', true],
  ['4', 3, 'eth0', false],
  ['eth0', 3, 'eth0', true],
  ['veth0', 3, 'eth0', false],
  ['eth0', 3, undefined, true],
  ['lo', 3, undefined, false],
  ['wlan0', 3, undefined, 'unknown'],
])('interface %s of %i %s: %s', (device, index, name, expected) => {
  const interfaceIndex = (asked: string) => ({ eth0: 3, lo: 1 })[asked]
  expect(isInterface(device, index, name, { interfaceIndex })).toBe(expected)
})
