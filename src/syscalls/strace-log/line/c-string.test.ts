import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseStringList, unescapeC } from './c-string.ts'

test.each([
  ['plain', 'plain'],
  ['a\\nb\\tc', 'a\nb\tc'],
  ['\\"\\\\', '"\\'],
  ['\\74x\\76', '<x>'],
  ['\\0a\\33[1m', '\0a\x1b[1m'],
  ['\\303\\251', '\xc3\xa9'],
  ['\\x3c\\x3', '<\x03'],
])('%s', (text, bytes) => {
  expect(unescapeC(text)).toBe(bytes)
})

test('undoes what strace does to any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      const text = [...bytes].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('')
      expect(unescapeC(text)).toBe(Buffer.from(bytes).toString('latin1'))
    }),
  )
})

test('the strings of an argument list; those that were cut say so', () => {
  expect(parseStringList('"/bin/sh", ["sh", "-c", "echo \\"hi\\""...], 0x7ffd /* 3 vars */')).toEqual([
    '/bin/sh',
    'sh',
    '-c',
    'echo "hi"...',
  ])
  expect(parseStringList('NULL')).toEqual([])
})
