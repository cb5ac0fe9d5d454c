import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeBytes, escapeText, escapeUnseen } from './escape.ts'

describe('text that is safe on a terminal', () => {
  test.each([
    ['plain', 'nginx: worker', 'nginx: worker'],
    ['what looks like a control character', '\\n', '\\\\n'],
    ['a new line', 'a\nb', 'a\\nb'],
    ['an escape', '\x1b[2J', '\\x1b[2J'],
    ['a control character of eight bits', '\u009b2J', '\\u009b2J'],
    ['what turns text around', 'a\u202eb', 'a\\u202eb'],
    ['what joins without being seen', 'a\u200db', 'a\\u200db'],
    ['a hyphen that is not seen', 'a\u00adb', 'a\\u00adb'],
    ['a letter that is not seen', 'a\u{e0041}', 'a\\udb40\\udc41'],
    ['half a pair', '\ud83d', '\\ud83d'],
    ['a whole pair', '😀', '😀'],
    ['delete', '\x7f', '\\x7f'],
  ])('%s', (_, text, safe) => {
    expect(escapeText(text)).toBe(safe)
  })

  test('what may have been escaped before is not escaped twice', () => {
    expect(escapeUnseen('a\\x1b\x1b\u202e')).toBe('a\\x1b\\x1b\\u202e')
  })

  test('no control character is left, and it can be undone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const safe = escapeText(text)
        expect(safe).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]/)
        expect(
          JSON.parse(`"${safe.replaceAll('"', '\\"').replaceAll(/(?<!\\)((?:\\\\)*)\\x(..)/g, '$1\\u00$2')}"`),
        ).toBe(text)
      }),
    )
  })
})

describe('bytes', () => {
  const bytes = (...values: (number | string)[]) =>
    Buffer.concat(values.map(value => Buffer.from(typeof value === 'number' ? [value] : value))).toString('latin1')
  test.each([
    ['UTF-8 is decoded', bytes('größe 日'), 'größe 日'],
    ['a byte that is none', bytes('a', 0xff, 'b'), 'a\\xffb'],
    ['valid beside invalid', bytes('ö', 0xc3, '😀'), 'ö\\xc3😀'],
    ['an overlong slash', bytes(0xc0, 0xaf), '\\xc0\\xaf'],
    ['a surrogate as UTF-8', bytes(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
    ['cut at the end', bytes('x', 0xe6, 0x97), 'x\\xe6\\x97'],
    ['beyond the last character', bytes(0xf4, 0x90, 0x80, 0x80), '\\xf4\\x90\\x80\\x80'],
    ['the replacement character itself', bytes('\ufffd'), '\ufffd'],
  ])('%s', (_, raw, safe) => {
    expect(escapeBytes(raw)).toBe(safe)
  })
})
