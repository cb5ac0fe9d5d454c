import { expect, test } from 'vitest'
import { addressNumber, holdsAddress, isWholeFamily, parseAddressRange } from './address-range.ts'

test.each([
  ['10.0.0.0/8', '10.0.0.0', '10.255.255.255'],
  ['10.1.2.3/8', '10.0.0.0', '10.255.255.255'],
  ['10.0.0.0/255.255.0.0', '10.0.0.0', '10.0.255.255'],
  ['192.0.2.7', '192.0.2.7', '192.0.2.7'],
  ['10.0.0.1-10.0.0.9', '10.0.0.1', '10.0.0.9'],
  ['fe80::/10', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
  ['10.0.0.0/0.0.0.0', '0.0.0.0', '255.255.255.255'],
])('%s is %s to %s', (text, first, last) => {
  expect(parseAddressRange(text)).toEqual({
    family: first.includes(':') ? 6 : 4,
    first: addressNumber(first)!.number,
    last: addressNumber(last)!.number,
  })
})

test.each(['10.0.0.0/33', '10.0.0.0/255.0.255.0', '10.0.0.9-10.0.0.1', '10.0.0.1-fe80::1', '10.0.0', '', 'fe80::/129'])(
  '%s is no range',
  text => {
    expect(parseAddressRange(text)).toBeUndefined()
  },
)

test('holds its ends and nothing beside them', () => {
  const ranges = [parseAddressRange('10.0.0.1-10.0.0.9')!]
  const holds = (address: string) => {
    const { family, number } = addressNumber(address)!
    return holdsAddress(ranges, family, number)
  }
  expect(['10.0.0.0', '10.0.0.1', '10.0.0.9', '10.0.0.10', '::a00:1'].map(holds)).toEqual([
    false,
    true,
    true,
    false,
    false,
  ])
})

test.each([
  ['0.0.0.0/0', true],
  ['::/0', true],
  ['0.0.0.0/1', false],
])('%s is the whole family: %s', (text, whole) => {
  expect(isWholeFamily(parseAddressRange(text)!)).toBe(whole)
})
