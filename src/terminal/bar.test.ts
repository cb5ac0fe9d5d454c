import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bar } from './bar.ts'
import { textWidth } from './text-width.ts'

test.each([
  [0, '░░░░'],
  [0.0001, '▏░░░'],
  [0.25, '█░░░'],
  [0.3125, '█▎░░'],
  [0.5, '██░░'],
  [0.97, '███▉'],
  [1, '████'],
  [7, '████'],
  [-1, '░░░░'],
])('%d of 1 in four columns', (share, drawn) => {
  expect(bar(share, 4)).toBe(drawn)
})

test('is always as wide as asked', () => {
  fc.assert(
    fc.property(fc.double({ min: -1, max: 2, noNaN: true }), fc.integer({ min: 1, max: 60 }), (share, width) => {
      expect(textWidth(bar(share, width))).toBe(width)
    }),
  )
})
