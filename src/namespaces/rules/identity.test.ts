import { expect, test } from 'vitest'
import type { NamespaceIdentity } from '../model.ts'
import { sameNamespace } from './identity.ts'

const of = (inode?: string, oldestStart?: number, cookie?: string): NamespaceIdentity => ({
  inode,
  oldestStart,
  cookie,
})

test.each<[string, NamespaceIdentity, NamespaceIdentity, boolean | undefined]>([
  ['one cookie, whatever else', of('7', 10, '3'), of('8', 20, '3'), true],
  ['another cookie under the same number: reused', of('7', 10, '3'), of('7', 10, '4'), false],
  ['number and oldest process', of('7', 10), of('7', 10), true],
  ['one cookie alone does not tell', of('7', 10, '3'), of('7', 10), true],
  ['another number', of('7', 10), of('8', 10), false],
  ['the same number, another oldest process: reused, or the process ended', of('7', 10), of('7', 20), undefined],
  ['the same number, and nobody in it', of('7'), of('7'), undefined],
  ['no number', of(undefined, 10), of('7', 10), undefined],
])('%s', (_, a, b, same) => {
  expect(sameNamespace(a, b)).toBe(same)
  expect(sameNamespace(b, a)).toBe(same)
})
