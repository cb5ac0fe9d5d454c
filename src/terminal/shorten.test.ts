import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shorten } from './shorten.ts'
import { textWidth } from './text-width.ts'

describe('a long text loses its middle', () => {
  test.each([
    ['as it is where it fits', '/usr/bin/node', 13, '/usr/bin/node'],
    ['one too many', '/usr/bin/node', 12, '/usr/b…/node'],
    ['an even width', 'abcdefghij', 6, 'abc…ij'],
    ['only the mark', 'abcdefghij', 1, '…'],
    ['nothing', 'abcdefghij', 0, ''],
    ['wide characters are not halved', '日本語日本語', 6, '日…語'],
    ['wide characters and an odd room', '日本語日本語', 4, '日…'],
    ['surrogate pairs stay whole', '😀😀😀😀', 5, '😀…😀'],
    ['combining marks stay with their letter', 'e\u0301e\u0301e\u0301e\u0301', 3, 'e\u0301…e\u0301'],
    ['colours stay', '\x1b[31mabcdefghij\x1b[39m', 5, '\x1b[31mab…ij\x1b[39m'],
    ['a colour that ends within the cut ends', '\x1b[31mabcdef\x1b[39mghij', 5, '\x1b[31mab…\x1b[39mij'],
  ])('%s', (_, text, width, short) => {
    expect(shorten(text, width)).toBe(short)
  })

  test('a thousand marks on one letter are cut, too', () => {
    const marked = `a${'\u0301'.repeat(1000)}bcdefghij`
    expect(shorten(marked, 6).length).toBeLessThan(30)
  })

  test('never wider than asked, and whole where there is room', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '日', '😀', '\u0301', '❤', '\ufe0f', '🇩', '🇪', '\x1b[1m', ' '),
    })
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 30 }), (any, width) => {
        expect(textWidth(shorten(any, width))).toBeLessThanOrEqual(width)
        expect(shorten(any, textWidth(any))).toBe(any)
      }),
    )
  })
})
