import { expect, test } from 'vitest'
import type { FlameNode } from '../model.ts'
import { layout, matched } from './flame-layout.ts'

const read: FlameNode = [3, 6, []]
const main: FlameNode = [1, 8, [read]]
const idle: FlameNode = [2, 2, []]
const root: FlameNode = [0, 10, [main, idle]]
const places = (focus: FlameNode[]) =>
  layout(root, focus).map(({ node, level, from, width, isAround }) => [
    node[0],
    level,
    from,
    Number(width.toFixed(3)),
    isAround,
  ])

test('widths are weights', () => {
  expect(places([root])).toEqual([
    [0, 0, 0, 1, false],
    [1, 1, 0, 0.8, false],
    [3, 2, 0, 0.6, false],
    [2, 1, 0.8, 0.2, false],
  ])
})

test('what is zoomed to is as wide as all, as is what it is called from', () => {
  expect(places([root, main])).toEqual([
    [0, 0, 0, 1, true],
    [1, 1, 0, 1, false],
    [3, 2, 0, 0.75, false],
  ])
})

test('what is too narrow to be seen is left out', () => {
  expect(
    layout(
      [
        0,
        1e6,
        [
          [1, 1, []],
          [2, 999_999, []],
        ],
      ],
      [],
    ).map(({ node }) => node[0]),
  ).toEqual([0, 2])
})

test('boxes know their neighbours', () => {
  const [all, first] = layout(root, [root])
  expect(all?.children.map(({ node }) => node[0])).toEqual([1, 2])
  expect(first?.parent).toBe(all)
})

test.each([
  [[1], 8],
  [[3], 6],
  [[1, 3], 8],
  [[2, 3], 8],
  [[9], 0],
])('frames %j weigh %i', (names, weight) => expect(matched(root, name => names.includes(name))).toBe(weight))
