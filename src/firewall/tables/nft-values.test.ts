import { expect, test } from 'vitest'
import { addressRanges, addressText, portRanges, valuesOf, type Json } from './nft-values.ts'

const findSet = (name: string): Json[] | undefined => (name === 'a' ? [1, { elem: { val: 2 } }] : undefined)

test.each<[Json, unknown]>([
  [80, [80]],
  [{ set: [1, 2] }, [1, 2]],
  [{ set: '@a' }, [1, 2]],
  ['@a', [1, 2]],
  ['@b', undefined],
  [{ '|': ['x', 'y'] }, ['x', 'y']],
  [
    ['x', 'y'],
    ['x', 'y'],
  ],
  [{ range: [1, 2] }, [{ range: [1, 2] }]],
])('%j stands for %j', (right, values) => {
  expect(valuesOf(right, findSet)).toEqual(values)
})

test.each<[Json[], unknown]>([
  [
    [80, { range: [1, 3] }],
    [
      [80, 80],
      [1, 3],
    ],
  ],
  [[{ range: [3, 1] }], undefined],
  [[-1], undefined],
  [[1.5], undefined],
  [['ssh'], undefined],
  [[{ range: [1] }], undefined],
])('ports %j are %j', (values, ranges) => {
  expect(portRanges(values)).toEqual(ranges)
})

test.each<[Json, string]>([
  ['10.0.0.1', '10.0.0.1'],
  [{ prefix: { addr: '10.0.0.0', len: 8 } }, '10.0.0.0/8'],
  [{ range: ['10.0.0.1', '10.0.0.9'] }, '10.0.0.1-10.0.0.9'],
])('%j is %s', (value, text) => {
  expect(addressText(value)).toBe(text)
  expect(addressRanges([value], 4)).toHaveLength(1)
  expect(addressRanges([value], 6)).toBeUndefined()
})
