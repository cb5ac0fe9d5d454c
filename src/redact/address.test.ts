import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatIp } from '../kernel/ip-address.ts'
import { parseIp } from '../kernel/parse-ip.ts'
import { redactAddress } from './address.ts'
import { createPseudonyms } from './pseudonyms.ts'

const redacted = (address: string, pseudonyms = createPseudonyms(new Set())) =>
  formatIp(redactAddress(parseIp(address)!, pseudonyms))

describe('the pseudonym of an address', () => {
  test.each(['0.0.0.0', '127.0.0.1', '127.9.8.7', '255.255.255.255', '224.0.0.1', '::', '::1', 'fe80::', 'ff02::1'])(
    '%s says nothing of a site and stays',
    address => expect(redacted(address)).toBe(address),
  )

  test.each([
    ['public', '8.8.8.8', '192.0.2.1'],
    ['private', '192.168.1.7', '10.0.0.1'],
    ['private of 172.16/12', '172.31.0.1', '10.0.0.1'],
    ['just outside 172.16/12', '172.32.0.1', '192.0.2.1'],
    ['shared', '100.127.0.1', '100.64.0.1'],
    ['just outside shared', '100.128.0.1', '192.0.2.1'],
    ['link-local', '169.254.1.1', '169.254.0.1'],
    ['multicast', '239.1.2.3', '233.252.0.1'],
    ['mapped', '::ffff:8.8.8.8', '::ffff:192.0.2.1'],
    ['NAT64', '64:ff9b::808:808', '64:ff9b::c000:201'],
    ['global IPv6', '2606:4700::1111', '2001:db8::1'],
    ['link-local IPv6', 'fe80::abcd', 'fe80::1'],
    ['unique local IPv6', 'fd12:3456::1', 'fd00::1'],
    ['multicast IPv6', 'ff05::1:3', 'ff05:db8::1'],
  ])('%s stays of its kind', (_, original, pseudonym) => {
    expect(redacted(original)).toBe(pseudonym)
  })

  test('different addresses stay different, equal ones equal', () => {
    const address = fc.uint8Array({ minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(address, address, (one, other) => {
        const pseudonyms = createPseudonyms(new Set())
        const [first, second] = [one, other].map(bytes => formatIp(redactAddress(bytes, pseudonyms)))
        expect(first === second).toBe(formatIp(one) === formatIp(other))
      }),
    )
  })
})
