import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CATCH_UP_MS, orderlyEnd } from './orderly-end.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

function start({ isReady = true } = {}) {
  const interrupt = vi.fn<() => void>()
  const ending = orderlyEnd(() => isReady, interrupt)
  return { ending, ended: () => interrupt.mock.calls.length > 0 }
}

test('a tracer that is not ready has nothing to report', () => {
  const { ending, ended } = start({ isReady: false })
  ending.request()
  expect(ended()).toBe(true)
  ending.done()
})

test('it ends at the second heartbeat of a later time, and not at two that came together', () => {
  const { ending, ended } = start()
  ending.reached(2_000_000)
  vi.advanceTimersByTime(50)
  ending.request()
  // Read late: of before the request.
  ending.reached(1_000_050)
  vi.advanceTimersByTime(50)
  ending.reached(1_000_051)
  vi.advanceTimersByTime(50)
  ending.reached(1_000_100)
  ending.reached(1_000_150)
  expect(ended()).toBe(false)
  vi.advanceTimersByTime(25)
  ending.reached(1_000_200)
  expect(ended()).toBe(true)
  expect(ending.behind).toBe(false)
})

test('a tracer that never catches up is ended, and it is said', () => {
  const { ending, ended } = start()
  ending.request()
  vi.advanceTimersByTime(CATCH_UP_MS - 1)
  ending.reached(1_000_000)
  expect([ended(), ending.behind]).toEqual([false, false])
  vi.advanceTimersByTime(1)
  expect([ended(), ending.behind]).toEqual([true, true])
})
