import { describe, expect, test } from 'vitest'
import {
  ARGUMENT,
  HARDWARE_ADDRESS,
  HEX_ID,
  HOST,
  NAME,
  USER,
  collectOriginals,
  createPseudonyms,
} from './pseudonyms.ts'

describe('pseudonyms', () => {
  test('the first pass changes nothing and keeps what occurs', () => {
    const collected = collectOriginals()
    expect([collected.of(NAME, 'acme'), collected.of(HOST, 'acme'), [...collected.originals]]).toEqual([
      'acme',
      'acme',
      ['acme'],
    ])
  })

  test('the same value gets the same one, and none that occurs in the recording', () => {
    const pseudonyms = createPseudonyms(new Set(['user1', 'user3']))
    expect(['bob', 'eve', 'bob'].map(name => pseudonyms.of(USER, name))).toEqual(['user2', 'user4', 'user2'])
  })

  test.each([
    ['an argument does not show its length', ARGUMENT, 'secret-token', 'arg1'],
    ['a host', HOST, 'web1', 'host1'],
    ['a name keeps its length', NAME, 'billing', 'n1xxxxx'],
    ['a name too short for words', NAME, 'a', '1'],
    ['an id keeps its length', HEX_ID, 'ab'.repeat(8), '0000000100000000'],
    ['a hardware address', HARDWARE_ADDRESS, '52:54:00:12:34:56', '02:00:00:00:00:01'],
  ])('%s', (_, form, original, expected) => {
    expect(createPseudonyms(new Set()).of(form, original)).toBe(expected)
  })

  test('more names than a length has room for grow', () => {
    const pseudonyms = createPseudonyms(new Set())
    const names = Array.from({ length: 40 }, (_, index) => pseudonyms.of(NAME, String.fromCharCode(200 + index)))
    expect(new Set(names).size).toBe(40)
    expect(names.slice(-2)).toEqual(['13', '14'])
  })
})
