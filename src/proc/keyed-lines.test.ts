import { expect, test } from 'vitest'
import { parseKeyedLines } from './keyed-lines.ts'

test.each([
  ['status', 'Name:\tnode\nCapEff:\t000001ffffffffff\n', ':', { Name: 'node', CapEff: '000001ffffffffff' }],
  [
    'os-release',
    'ID="debian"\nNAME=\'Debian GNU\'\n# NOTE=x\nEMPTY=\n',
    '=',
    { ID: 'debian', NAME: 'Debian GNU', EMPTY: '' },
  ],
  ['a value with the separator in it', 'A=b=c\n', '=', { A: 'b=c' }],
  ['a key twice: the first counts', 'A:1\nA:2\n', ':', { A: '1' }],
  ['no key, no separator', ':x\nnothing\n\n', ':', {}],
  ['one quote is no pair', 'A="b\n', '=', { A: '"b' }],
] as const)('%s', (_, text, separator, values) => {
  expect(Object.fromEntries(parseKeyedLines(text, separator))).toEqual(values)
})
