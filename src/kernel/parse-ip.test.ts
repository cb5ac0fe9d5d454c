import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatIp } from './ip-address.ts'
import { parseIp } from './parse-ip.ts'

const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex')

test.each([
  ['127.0.0.1', '7f000001'],
  ['255.255.255.255', 'ffffffff'],
  ['::', '0'.repeat(32)],
  ['::1', `${'0'.repeat(31)}1`],
  ['2001:DB8::1', '20010db8000000000000000000000001'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ['1::8', `0001${'0'.repeat(24)}0008`],
  ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
  ['64:ff9b::192.0.2.33', '0064ff9b0000000000000000c0000221'],
])('%s', (text, bytes) => {
  expect(hex(parseIp(text))).toBe(bytes)
})

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '1.2.3.-4',
  'a.b.c.d',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '12345::',
  'g::',
  '::1.2.3.256',
  '1.2.3.4::',
  '1:2:3:4:5:6:7::8',
  'fe80::1%eth0',
])('%j is none', text => {
  expect(parseIp(text)).toBeUndefined()
})

test('what is formatted is read back', () => {
  const sizes = fc.constantFrom(4, 16).chain(length => fc.uint8Array({ minLength: length, maxLength: length }))
  fc.assert(
    fc.property(sizes, bytes => {
      expect(hex(parseIp(formatIp(bytes)))).toBe(hex(bytes))
    }),
  )
})
