import { describe, expect, test } from 'vitest'
import { parseStraceVersion, straceArguments, type StraceCall } from './strace-arguments.ts'

const CALL: StraceCall = {
  version: [6, 1],
  mode: 'summary',
  followChildren: false,
  wallOnly: false,
  expressions: [],
  decodeDescriptors: false,
  output: '/fifo',
  target: { argv: ['ls', '-f'], userLocale: undefined },
}
const words = (call: Partial<StraceCall>) => straceArguments({ ...CALL, ...call }).join(' ')

test('a command comes last, behind --, and keeps its locale', () => {
  expect(words({})).toMatch(/ -o \/fifo -DD -I2 -E LC_ALL -- ls -f$/)
  expect(words({ target: { argv: ['ls'], userLocale: 'de_DE.UTF-8' } })).toMatch(/-E LC_ALL=de_DE\.UTF-8 -- ls$/)
})

test('attaching names threads and starts nothing', () => {
  expect(words({ target: { tids: [5, 6] } })).toMatch(/-o \/fifo -p 5,6$/)
})

describe('seccomp spares other calls', () => {
  const asks = { followChildren: true, expressions: ['trace=openat'] }
  test.each<[string, Partial<StraceCall>, boolean]>([
    ['with -f and a set', asks, true],
    ['with a set in its short form', { ...asks, expressions: ['openat'] }, true],
    ['not without -f', { ...asks, followChildren: false }, false],
    ['not without a set', { ...asks, expressions: ['status=failed'] }, false],
    ['not when attaching', { ...asks, target: { tids: [5] } }, false],
    ['not before strace 5.3', { ...asks, version: [5, 2] }, false],
  ])('%s', (_, call, expected) => {
    expect(words(call).includes('--seccomp-bpf')).toBe(expected)
  })
})

describe('columns of a summary', () => {
  test.each<[readonly [number, number], RegExp]>([
    [[4, 26], /^-c -w -o/],
    [[5, 5], /^-c -w -o/],
    [[5, 6], /^-c -w -U time-percent,\S*,name -o/],
    [[7, 0], /^-c -w -U time-percent,\S*,name -o/],
    // From here on both kinds of time are in one table.
    [[7, 1], /^-c -U \S*,wall-avg -o/],
  ])('strace %j', (version, pattern) => {
    expect(words({ version, wallOnly: true })).toMatch(pattern)
  })
})

test('an expression stays one argument whatever it holds', () => {
  expect(straceArguments({ ...CALL, expressions: ['trace=a b; -o /etc/passwd'] })).toContain(
    'trace=a b; -o /etc/passwd',
  )
})

test.each([
  ['strace -- version 6.1\nCopyright', [6, 1]],
  ['strace -- version 4.26+', [4, 26]],
  ['nonsense', undefined],
])('%j', (text, version) => {
  expect(parseStraceVersion(text)).toEqual(version)
})
