import { expect, test } from 'vitest'
import { callNumbers, wantedEvents } from './events.ts'

test.each(['x86_64', 'aarch64'])('calls of %s have numbers, and filters hold no other text', machine => {
  const calls = callNumbers(machine)
  expect(calls.futex).toBeTypeOf('number')
  expect(calls.connect).toBeTypeOf('number')
  expect(calls.accepts.size).toBe(2)
  for (const { filter = '' } of wantedEvents(calls)) {
    expect(filter).not.toMatch(/undefined|NaN|\(\)|== *(\||\)|$)/)
    expect(filter.split('(').length).toBe(filter.split(')').length)
  }
})

test('a machine that is not known has none', () => expect(callNumbers('vax').futex).toBeUndefined())
