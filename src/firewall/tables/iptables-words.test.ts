import { expect, test } from 'vitest'
import { iptablesOptions, iptablesWords } from './iptables-words.ts'

test.each([
  ['-p tcp -j ACCEPT', ['-p', 'tcp', '-j', 'ACCEPT']],
  ['--comment "it\\"s a b" -j X', ['--comment', 'it"s a b', '-j', 'X']],
  ['--log-prefix "[UFW BLOCK] "', ['--log-prefix', '[UFW BLOCK] ']],
  ['--comment "cut', ['--comment', 'cut']],
  ['--comment ""', ['--comment', '']],
  ['', []],
])('%s', (line, words) => {
  expect(iptablesWords(line)).toEqual(words)
})

test('options with their match and what is turned round', () => {
  expect(
    iptablesOptions(['!', '-i', 'lo', '-m', 'tcp', '--tcp-flags', 'FIN,SYN', 'SYN', '!', '--dport', '80']),
  ).toEqual([
    { name: '-i', not: true, values: ['lo'], module: undefined },
    { name: '-m', not: false, values: ['tcp'], module: 'tcp' },
    { name: '--tcp-flags', not: false, values: ['FIN,SYN', 'SYN'], module: 'tcp' },
    { name: '--dport', not: true, values: ['80'], module: 'tcp' },
  ])
})
