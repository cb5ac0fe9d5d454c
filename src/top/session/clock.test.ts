import { expect, test } from 'vitest'
import { clockText } from './clock.ts'

const AT = Date.UTC(2026, 10, 21, 9, 5, 7)

test.each([
  [AT, false, '2026-11-21 09:05:07Z'],
  [0, false, 'time not recorded'],
])('of a recording', (at, isLive, text) => {
  expect(clockText(at, isLive)).toBe(text)
})

test('of a machine the time of day here', () => {
  const here = new Date(AT)
  expect(clockText(AT, true)).toBe(`${String(here.getHours()).padStart(2, '0')}:05:07`)
})
