import { expect, test } from 'vitest'
import { textWidth } from './text-width.ts'

test.each([
  ['', 0],
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['😀', 2],
  ['\x1b[31mred\x1b[39m', 3],
  ['ｱｲ', 2],
  ['…', 1],
])('%j takes %i columns', (text, width) => {
  expect(textWidth(text)).toBe(width)
})
