import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textWidth } from './text-width.ts'
import { wrap } from './wrap.ts'

test.each([
  ['fits', 'one two', 7, 0, 'one two'],
  ['one column too few', 'one two', 6, 0, 'one\ntwo'],
  ['an indent takes of the room', 'one two three', 9, 4, 'one two\n    three'],
  ['a word that is too long stays whole', 'a abcdefgh b', 4, 0, 'a\nabcdefgh\nb'],
  ['wide characters', '日本 語', 6, 0, '日本\n語'],
  ['no terminal', 'one two', Infinity, 2, 'one two'],
  ['blanks at the beginning stay, and take room', '  one two', 8, 3, '  one\n   two'],
  ['blanks within a line stay', 'a  b', 10, 0, 'a  b'],
])('%s', (_, text, width, indent, lines) => {
  expect(wrap(text, width, indent)).toBe(lines)
})

test('no line is wider, but one that is a single word, and no word is lost', () => {
  const words = fc.array(fc.stringMatching(/^[a-z日]{1,12}$/), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(words, fc.integer({ min: 5, max: 40 }), fc.integer({ min: 0, max: 4 }), (all, width, indent) => {
      const lines = wrap(all.join(' '), width, indent).split('\n')
      for (const line of lines) {
        if (line.trim().includes(' ')) expect(textWidth(line)).toBeLessThanOrEqual(width)
      }
      expect(lines.flatMap(line => line.trim().split(' '))).toEqual(all)
    }),
  )
})
