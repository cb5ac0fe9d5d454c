import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closest, didYouMean } from './did-you-mean.ts'

const FLAGS = ['--columns', '--color', '--programs', '--sort', '--json', '--from', '--numeric']

test.each([
  ['--colums', '--columns'],
  ['--program', '--programs'],
  ['--jsno', '--json'],
  ['--COLUMNS', '--columns'],
  ['--num', '--numeric'],
  ['--col', '--color'],
  ['--xyz', undefined],
  ['', undefined],
])('%s was meant to be %s', (word, meant) => {
  expect(closest(word, FLAGS)).toBe(meant)
})

test.each([
  ['opnsnoop', 'opensnoop'],
  ['tcplif', 'tcplife'],
  ['killsnoop', undefined],
  ['exe', 'execsnoop'],
])('the job %s was meant to be %s', (word, meant) => {
  expect(closest(word, ['opensnoop', 'execsnoop', 'tcplife', 'runqlat'])).toBe(meant)
})

test('a short word differs in one letter at most', () => {
  expect(closest('pid', ['uid', 'exe'])).toBe('uid')
  expect(closest('pid', ['unit', 'exe'])).toBeUndefined()
})

test('the hint names it, or says what else to do', () => {
  expect(didYouMean('stat', ['state'])).toBe('did you mean state?')
  expect(didYouMean('nope', ['state'], 'see --help')).toBe('see --help')
  expect(didYouMean('nope', ['state'])).toBeUndefined()
})

test('one letter swapped, left out or added is always recognised', () => {
  const word = fc.stringMatching(/^[a-z]{5,20}$/)
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom('swap', 'drop', 'add'), (right, place, how) => {
      const at = place % (right.length - 1)
      const wrong = {
        swap: right.slice(0, at) + right[at + 1]! + right[at]! + right.slice(at + 2),
        drop: right.slice(0, at) + right.slice(at + 1),
        add: `${right.slice(0, at)}q${right.slice(at)}`,
      }[how]
      expect(closest(wrong, ['1234567890', right])).toBe(right)
    }),
  )
})

test('a very long word costs nothing', () => {
  expect(closest('x'.repeat(1_000_000), FLAGS)).toBeUndefined()
})
