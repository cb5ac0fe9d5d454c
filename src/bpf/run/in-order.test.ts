import { expect, test } from 'vitest'
import { inOrder } from './in-order.ts'

function start() {
  const seen: number[] = []
  const order = inOrder()
  return { order, seen, at: (...times: number[]) => times.forEach(time => order.at(time, () => seen.push(time))) }
}

test('what is older than the last heartbeat but one comes, in order', () => {
  const { order, seen, at } = start()
  order.beat(10)
  at(15, 12, 24)
  order.beat(20)
  expect(seen).toEqual([])
  // Of another CPU, read later.
  at(11, 29)
  order.beat(30)
  expect(seen).toEqual([11, 12, 15])
  order.flush()
  expect(seen).toEqual([11, 12, 15, 24, 29])
})

test('without a heartbeat, or without a time, nothing is held', () => {
  const { order, seen, at } = start()
  at(5, 3)
  order.beat(10)
  at(Number.NaN)
  expect(seen).toEqual([5, 3, Number.NaN])
})
