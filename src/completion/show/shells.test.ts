import { expect, test } from 'vitest'
import type { CommandLines } from '../model.ts'
import { bashCompletion, firstWords, secondWords } from './bash.ts'
import { fishCompletion } from './fish.ts'
import { zshCompletion } from './zsh.ts'

const LINES: CommandLines = {
  bins: [{ name: 'linsight' }, { name: 'one', command: 'one' }],
  topics: [{ name: 'top', text: "it's [a]: topic" }],
  commands: [
    {
      id: 'one',
      text: 'the one',
      operands: { live: 'port-filters' },
      flags: [
        { name: 'all', letter: 'a', text: "every 'thing'\n[all]: of it", multiple: false },
        {
          name: 'sort',
          letter: 's',
          text: '',
          multiple: false,
          value: { name: 'KEY[:desc]', completion: { words: ['a', 'a:desc'] } },
        },
        {
          name: 'columns',
          text: '',
          multiple: true,
          value: { name: 'a,b', completion: { words: ['a', 'b'], several: true } },
        },
      ],
    },
    { id: 'top do', text: 'does', operands: { files: true }, flags: [], runs: 'behind-dashes' },
  ],
}

test('words behind the umbrella and behind a topic', () => {
  expect(firstWords(LINES)).toEqual(['top', 'one'])
  expect(secondWords(LINES, 'top')).toEqual(['do'])
})

test('bash: flags that take a value end in =, letters are told apart, the same values are told once', () => {
  const script = bashCompletion(LINES)
  expect(script).toContain("  'one') flags='--all --sort= --columns=' letters='s' ;;\n")
  expect(script).toContain("  'one --sort'|'one -s') words='a a:desc' ;;\n")
  expect(script).toContain("  'one --columns') words='a b' several=1 ;;\n")
  expect(script).toContain("  'one ') live=port-filters ;;\n")
  expect(script).toContain("  'top do') runs=behind-dashes ;;\n")
  expect(script).toContain('complete -F _linsight linsight one\n')
  expect(script).not.toMatch(/\beval\b|compgen -W/)
})

test('zsh: brackets, colons and quotes of texts are no syntax', () => {
  const script = zshCompletion(LINES)
  expect(script).toContain(String.raw`'(-a --all)--all[every '\''thing'\'' \[all\]\: of it]'`)
  expect(script).toContain(String.raw`'(-s --sort)-s+[]:KEY\[\:desc\]: compadd -- a a\:desc'`)
  expect(script).toContain(`'*--columns=[]:a,b: _values -s , word a b'`)
  expect(script).toContain(String.raw`'top:it'\''s [a]: topic'`)
})

test('fish: quotes of texts are no syntax', () => {
  const script = fishCompletion(LINES)
  expect(script).toContain(String.raw`complete -c one -s a -l all -d 'every \'thing\' [all]: of it'`)
  expect(script).toContain("complete -c one -s s -l sort -x -a 'a a:desc' -d ''")
  expect(script).toContain(
    "complete -c linsight -n '__linsight_in one' -l columns -x -a '(__linsight_several a b)' -d ''",
  )
  expect(script).toContain("complete -c linsight -n '__linsight_at top' -a 'do' -d 'does'")
})
