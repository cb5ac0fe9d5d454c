import { expect, test } from 'vitest'
import { ConnectionColumns } from './connection-columns.ts'

test('places are found by cookies of any size and grow with them', () => {
  const columns = new ConnectionColumns()
  for (let i = 0; i < 1000; i += 1) columns.column('sent')[columns.add(i)] = i
  const largest = columns.add(2n ** 64n - 1n)
  expect(columns.placeOf(2n ** 64n - 1n)).toBe(largest)
  expect(columns.placeOf(2n ** 64n - 2n)).toBeUndefined()
  expect(columns.column('sent')[columns.placeOf(999)!]).toBe(999)
  expect(columns.size).toBe(1001)
})

test('a place that was given up is used again, empty', () => {
  const columns = new ConnectionColumns()
  const place = columns.add(1)
  columns.column('sent')[place] = 5
  columns.remove(1)
  expect(columns.placeOf(1)).toBeUndefined()
  expect(columns.add(2)).toBe(place)
  expect(columns.column('sent')[place]).toBe(0)
})
