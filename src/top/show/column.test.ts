import { describe, expect, test } from 'vitest'
import { fit, layOut, sorted, type Column } from './column.ts'

const column = (name: string, rest: Partial<Column<number>> = {}): Column<number> => ({
  name,
  heading: name,
  align: 'left',
  width: 5,
  value: row => row,
  cell: String,
  ...rest,
})
const widths = (columns: Column<number>[], width: number) =>
  layOut(columns, width).map(({ column: { name }, width: wide }) => `${name} ${wide}`)

describe('columns', () => {
  const columns = [
    column('a'),
    column('b', { weight: 1, most: 10 }),
    column('c', { leaves: 1 }),
    column('d', { leaves: 2 }),
  ]
  test.each([
    [26, ['a 5', 'b 5', 'c 5', 'd 5']],
    [25, ['a 5', 'b 10', 'c 5']],
    [19, ['a 5', 'b 5', 'c 5']],
    [18, ['a 5', 'b 10']],
    [40, ['a 5', 'b 10', 'c 5', 'd 5']],
    [10, ['a 5', 'b 3']],
    [3, ['a 1', 'b 1']],
  ])('at %i', (width, expected) => {
    expect(widths(columns, width)).toEqual(expected)
  })

  test('what is over is shared by weight', () => {
    expect(widths([column('a', { weight: 1 }), column('b', { weight: 3 })], 52)).toEqual(['a 15', 'b 35'])
  })
})

test.each([
  ['left', 'ab ', 3],
  ['right', ' ab', 3],
  ['left', 'ab', 2],
  ['right', '…', 1],
] as const)('%s in %j', (align, text, width) => {
  expect(fit('ab', width, align)).toBe(text)
})

test('a wide character takes two columns', () => {
  expect(fit('漢', 4, 'right')).toBe('  漢')
})

describe('order', () => {
  const by = (a: number, b: number) => a - b
  test('numbers, the largest first; what is not known last, either way', () => {
    const value = (row: number) => (row === 3 ? undefined : row)
    expect(sorted([1, 3, 2, 10], { value }, true, by)).toEqual([10, 2, 1, 3])
    expect(sorted([1, 3, 2, 10], { value }, false, by)).toEqual([1, 2, 10, 3])
  })

  test('equal ones in an order of their own, so that they do not jump', () => {
    expect(sorted([3, 1, 2], { value: () => 0 }, true, by)).toEqual([1, 2, 3])
  })
})
