import { describe, expect, test } from 'vitest'
import { calledFilter, isWanted, traceSets } from './called-filter.ts'
import { packNumber } from './counter/counter-key.ts'

const wants = (set: string, abi: 'native' | '32' | 'x32', number: number) =>
  isWanted(calledFilter([set], 'x86_64'), packNumber(abi, number))

describe('sets as strace reads them', () => {
  test.each<[string, 'native' | '32' | 'x32', number, boolean]>([
    ['read', 'native', 0, true],
    ['read', 'native', 1, false],
    ['read,write', 'native', 1, true],
    // A name means the call in every table: 3 is read of i386 and close of x86-64.
    ['read', '32', 3, true],
    ['read', 'native', 3, false],
    ['read@64', '32', 3, false],
    ['read@32', '32', 3, true],
    ['read@32', 'native', 0, false],
    ['readv', 'x32', 515, true],
    ['!read', 'native', 0, false],
    ['!read', 'native', 1, true],
    ['all', 'native', 999, true],
    ['!all', 'native', 0, false],
    ['none', 'native', 0, false],
    ['!none', 'native', 0, true],
    ['/^get.id$', 'native', 102, true],
    ['/^get.id$', 'native', 110, false],
    ['%network', 'native', 42, true],
    ['%network', 'native', 0, false],
    ['%file', 'native', 257, true],
    ['39', 'native', 39, true],
    ['?nosuchcall,read', 'native', 0, true],
  ])('%s: %s %d is %s', (set, abi, number, expected) => {
    expect(wants(set, abi, number)).toBe(expected)
  })
})

test.each([['nosuchcall'], ['%nosuchgroup'], ['/['], ['read,nosuchcall']])('%s is refused', set => {
  expect(() => calledFilter([set], 'x86_64')).toThrow(/-e trace=/)
})

test('the last set counts', () => {
  expect(calledFilter(['read', 'all'], 'x86_64')).toBeUndefined()
})

test('expressions of another kind are left to strace', () => {
  expect(traceSets(['trace=read', 'openat', 't=close', 'status=failed', 'signal=none'])).toEqual({
    sets: ['read', 'openat', 'close'],
    others: ['status=failed', 'signal=none'],
  })
})
