import { expect, test } from 'vitest'
import { parseKernelConfig } from './kernel-config.ts'
import { parseKeyedLines } from '../../../proc/keyed-lines.ts'

const TEXT =
  '# Linux\nCONFIG_BPF=y\n# CONFIG_KPROBES is not set\nCONFIG_NR_CPUS=64\nCONFIG_LSM="a,b"\n# CONFIG_LAST is not set'

test.each([
  ['BPF', 'y'],
  ['KPROBES', 'n'],
  ['NR_CPUS', '64'],
  ['LSM', 'a,b'],
  ['LAST', 'n'],
  // The beginning or the end of another name is not the name.
  ['NR', undefined],
  ['CPUS', undefined],
])('CONFIG_%s is %s', (name, value) => {
  expect(parseKernelConfig(TEXT, [name]).get(name)).toBe(value)
})

test.each([
  [':', 'Name:\tnode\nName:\tforged\nCapEff:\t000001ff\n', { Name: 'node', CapEff: '000001ff' }],
  [
    '=',
    '# comment\nID=debian\nNAME="Debian GNU/Linux"\nODD=\'x\'\nnothing\n',
    { ID: 'debian', NAME: 'Debian GNU/Linux', ODD: 'x' },
  ],
] as const)('keyed lines with %s', (separator, text, expected) => {
  expect(Object.fromEntries(parseKeyedLines(text, separator))).toEqual(expected)
})
