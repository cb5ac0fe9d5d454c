import { expect, test } from 'vitest'
import { COMMAND_LINES } from '../../../test/support/command-lines.ts'
import { bashCompletion, firstWords, secondWords } from './bash.ts'

test('words behind the umbrella and behind a topic', () => {
  expect(firstWords(COMMAND_LINES)).toEqual(['top', 'one'])
  expect(secondWords(COMMAND_LINES, 'top')).toEqual(['do'])
})

test('bash: flags that take a value end in =, letters are told apart, the same values are told once', () => {
  const script = bashCompletion(COMMAND_LINES)
  expect(script).toContain("  'one') flags='--all --sort= --columns=' letters='s' ;;\n")
  expect(script).toContain("  'one --sort'|'one -s') words='a a:desc' ;;\n")
  expect(script).toContain("  'one --columns') words='a b' several=1 ;;\n")
  expect(script).toContain("  'one ') live=port-filters ;;\n")
  expect(script).toContain("  'top do') runs=behind-dashes ;;\n")
  expect(script).toContain('complete -F _linsight linsight one\n')
  expect(script).not.toMatch(/\beval\b|compgen -W/)
})
