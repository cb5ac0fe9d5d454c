import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shorten, shortenItems } from './shorten.ts'
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

describe('items of a long list lose their own middle', () => {
  test.each([
    ['as it is where it fits', '11/python3,63/python3', 21, '11/python3,63/python3'],
    ['each as long as the others', '11/python3,63/python3', 18, '11/p…hon3,63/p…on3'],
    ['a short one stays whole', '9/a-server-with-a-long-name,31/nginx', 21, '9/a-se…-name,31/nginx'],
    ['no room for all', '11/python3,63/python3', 15, '11/python3,…'],
    ['no room for two of three', '11/python3,12/python3,13/python3', 11, '11/p…hon3,…'],
    ['one item', '11/python3', 8, '11/p…on3'],
    ['hardly any room', '11/python3,63/python3', 3, '…,…'],
    ['none', '11/python3,63/python3', 0, ''],
  ])('%s', (_, text, width, short) => {
    expect(shortenItems(text, width, ',')).toBe(short)
  })

  test('never wider than asked, and nothing of an item stands in another', () => {
    const list = fc.array(fc.stringMatching(/^\d{1,5}\/[a-z]{0,30}$/), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(list, fc.nat(60), (items, width) => {
        const shown = shortenItems(items.join(','), width, ',')
        expect(textWidth(shown)).toBeLessThanOrEqual(width)
        if (width < 16) return
        const parts = shown.split(',').filter(part => part !== '…')
        for (const [i, part] of parts.entries()) expect(items[i]!.startsWith(part.split('…')[0]!)).toBe(true)
      }),
    )
  })
})
