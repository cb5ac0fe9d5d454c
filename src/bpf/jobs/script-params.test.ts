import { describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { withParams } from './script-params.ts'

test.each([
  ['n=12', '12'],
  ['n=-7', '-7'],
  ['n=0', '0'],
  ['n=007', '"007"'],
  ['n="12"', '"12"'],
  ['n=', '""'],
  ['n=a b', String.raw`"a\x20b"`],
  ['n="); system("id', String.raw`"\x22\x29\x3b\x20system\x28\x22id"`],
  ['n=a=b', String.raw`"a\x3db"`],
  ['n=1234567890123456789', '"1234567890123456789"'],
])('--param %s becomes %s', (param, literal) => {
  expect(withParams('BEGIN { print($n) }', [param])).toBe(`BEGIN { print(${literal}) }`)
})

test('text between quotes and comments keeps its dollars, other names theirs', () => {
  const script = 'BEGIN { $x = $n; printf("$n"); } // $n\n/* $n */'
  expect(withParams(script, ['n=1'])).toBe('BEGIN { $x = 1; printf("$n"); } // $n\n/* $n */')
})

describe('refused', () => {
  test.each([
    [['n'], /is not NAME=VALUE/],
    [['=1'], /is not NAME=VALUE/],
    [['1n=1'], /is not NAME=VALUE/],
    [['n=1', 'n=2'], /given twice/],
    [['n=1', 'm=1'], /has no \$m/],
    [['n=a\0b'], /a byte that no string can hold/],
  ])('%j', (params, message) => {
    expect(() => withParams('BEGIN { print($n) }', params)).toThrow(message)
    expect(() => withParams('BEGIN { print($n) }', params)).toThrow(UsageError)
  })
})
