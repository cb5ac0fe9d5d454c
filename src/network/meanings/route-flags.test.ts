import { expect, test } from 'vitest'
import { isCached, isHostRoute, isReject, isUp, routeFlagLetters } from './route-flags.ts'

test.each([
  [0x1, 'inet', 'U'],
  [0x3, 'inet', 'UG'],
  [0x7, 'inet', 'UGH'],
  [0x201, 'inet', '!'],
  [0x205, 'inet', '!H'],
  [0x80200001, 'inet', 'Uol'],
  [0x1, 'inet6', 'U'],
  [0x450003, 'inet6', 'UGDAe'],
  [0x80200001, 'inet6', 'Un'],
  [0x200200, 'inet6', '!n'],
] as const)('%s of %s is %s', (flags, family, letters) => {
  expect(routeFlagLetters(flags, family)).toBe(letters)
})

test('questions', () => {
  expect([isReject(0x200), isUp(0x200), isCached(0x1000000), isHostRoute(4), isHostRoute(3)]).toEqual([
    true,
    false,
    true,
    true,
    false,
  ])
})
