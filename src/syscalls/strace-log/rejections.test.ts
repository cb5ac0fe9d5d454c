import { expect, test } from 'vitest'
import { createRejections } from './rejections.ts'

test('lines are counted by reason, the first of each is quoted, cut', () => {
  const rejections = createRejections('a.log')
  rejections.add('odd', 'x'.repeat(5000), 3)
  rejections.add('odd', 'second', 5)
  rejections.add('other', 'y', 9)
  const [odd, other] = rejections.list()
  expect(odd).toMatchObject({ reason: 'odd', lines: 2, firstLine: 3, source: 'a.log' })
  expect(odd!.quote).toMatch(/^x{50,500}$/)
  expect(other).toMatchObject({ reason: 'other', lines: 1, firstLine: 9, quote: 'y' })
  expect(createRejections().list()).toEqual([])
})
