import { expect, test } from 'vitest'
import { meanOfRecurringBursts } from './recurring-bursts.ts'

/** Arrivals by seconds of age: `background` in each, `bursts` at their ages. */
const counts = (bursts: Record<number, number>, background = 0) => {
  const made = new Uint32Array(60).fill(background)
  for (const [second, count] of Object.entries(bursts)) made[Number(second)]! += count
  return made
}

test.each<[string, Uint32Array, number | undefined]>([
  ['400 every 10 s', counts({ 4: 400, 14: 400, 24: 400, 34: 400 }), 40],
  ['the same beside 5 a second', counts({ 4: 400, 14: 400, 24: 400 }, 5), 45],
  ['over two seconds each', counts({ 4: 200, 5: 200, 14: 200, 15: 200, 24: 200, 25: 200 }), 40],
  ['two are no rhythm', counts({ 4: 400, 14: 400 }), undefined],
  ['one of them is long: two', counts({ 4: 400, 14: 400, 15: 400, 16: 400 }), undefined],
  ['the next is overdue', counts({ 16: 400, 26: 400, 36: 400 }), undefined],
  ['the next is due', counts({ 15: 400, 25: 400, 35: 400 }), 40],
  ['a few at a time', counts({ 4: 9, 14: 9, 24: 9 }), undefined],
  ['an even load', counts({}, 20), undefined],
  ['nothing', counts({}), undefined],
])('%s', (_, seconds, perS) => {
  expect(meanOfRecurringBursts(seconds, 10)).toBe(perS)
})
