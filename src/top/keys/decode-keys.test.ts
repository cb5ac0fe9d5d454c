import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeKeys, unfinishedAt } from './decode-keys.ts'

test.each([
  ['\x1b[A', ['up']],
  ['\x1bOB', ['down']],
  ['\x1b[1;5A', ['up']],
  ['\x1b[5~\x1b[6~', ['page-up', 'page-down']],
  ['\x1b[1~\x1bOF', ['home', 'end']],
  ['jjq', ['j', 'j', 'q']],
  ['\x1b', ['escape']],
  ['\x1bx', ['escape', 'x']],
  ['\r', ['enter']],
  ['\x03\x1a', ['interrupt', 'suspend']],
  ['ü漢\u{1f600}', ['ü', '漢', '\u{1f600}']],
  // Of a mouse, of a paste, of a terminal that says what it is.
  ['\x1b[<0;10;20M\x1b[200~\x1b[?62;c', []],
  ['\x00', []],
])('%j', (text, keys) => {
  expect(decodeKeys(text)).toEqual(keys)
})

test('whatever comes, it ends, and no key holds a control character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\x1b', '[', 'O', ';', '1', '~', 'A', 'é', '\x00', '\x9b') }),
      text => {
        // oxlint-disable-next-line no-control-regex
        expect(decodeKeys(text).filter(key => /[\x00-\x1f]/.test(key))).toEqual([])
      },
    ),
  )
})

test.each([
  ['j', 1],
  ['\x1b', 0],
  ['j\x1b[', 1],
  ['\x1b[1;5', 0],
  ['\x1bO', 0],
  ['\x1b[A', 3],
  ['\x1b[5~k', 5],
  ['\x1bx', 2],
])('%j waits for the rest from %i on', (text, at) => {
  expect(unfinishedAt(text)).toBe(at)
})
