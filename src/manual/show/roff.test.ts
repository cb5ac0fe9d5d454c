import { expect, test } from 'vitest'
import { roffArgument, roffCode, roffText } from './roff.ts'

test.each([
  ['.TH evil', '\\&.TH evil'],
  ["'quote", '\\(aqquote'],
  ['a\n.b', 'a\n\\&.b'],
  ['a\\fB', 'a\\efB'],
  ['→ … ~', '\\(-> ... \\(ti'],
  ['ü', '\\[u00FC]'],
  ['a-b', 'a-b'],
  ['process,program,unit,container', 'process,\\:program,\\:unit,\\:container'],
  ['short,words', 'short,words'],
])('text %j', (text, roff) => {
  expect(roffText(text)).toBe(roff)
})

test.each([
  ['--from=PATH', '\\-\\-from=PATH'],
  ['→ -x', '\\(-> \\-x'],
  ['.x', '\\&.x'],
])('code %j', (text, roff) => {
  expect(roffCode(text)).toBe(roff)
})

test('an argument', () => {
  expect(roffArgument('a "b"')).toBe('"a \\(dqb\\(dq"')
})
