import { expect, test } from 'vitest'
import { nameText } from './name-text.ts'

test.each([
  ['plain', 'blue', 'blue'],
  ['UTF-8', 'bl\xc3\xa4u', 'bläu'],
  ['a backslash stays for whoever prints it', 'a\\b', 'a\\b'],
  ['other bytes', 'a\xff', 'a\\xff'],
])('%s', (_, bytes, text) => {
  expect(nameText(bytes)).toBe(text)
})
