import { expect, test } from 'vitest'
import { isInitialPidNamespace } from './pid-namespace.ts'

test.each([
  ['pid:[4026531836]', true],
  ['pid:[4026531837]', false],
  ['net:[4026531836]', false],
])('%s is the first pid namespace: %s', (link, expected) => {
  expect(isInitialPidNamespace(link)).toBe(expected)
})
