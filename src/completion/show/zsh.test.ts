import { expect, test } from 'vitest'
import { COMMAND_LINES } from '../../../test/support/command-lines.ts'
import { zshCompletion } from './zsh.ts'

test('zsh: brackets, colons and quotes of texts are no syntax', () => {
  const script = zshCompletion(COMMAND_LINES)
  expect(script).toContain(String.raw`'(-a --all)--all[every '\''thing'\'' \[all\]\: of it]'`)
  expect(script).toContain(String.raw`'(-s --sort)-s+[]:KEY\[\:desc\]: compadd -- a a\:desc'`)
  expect(script).toContain(`'*--columns=[]:a,b: _values -s , word a b'`)
  expect(script).toContain(String.raw`'top:it'\''s [a]: topic'`)
})
