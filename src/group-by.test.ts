import { expect, test } from 'vitest'
import { groupBy } from './group-by.ts'

test('items by key, keys and items in the order of their first appearance', () => {
  expect([...groupBy([3, 1, 4, 1, 5], n => n % 2)]).toEqual([
    [1, [3, 1, 1, 5]],
    [0, [4]],
  ])
  expect(groupBy([], String).size).toBe(0)
})
