import { expect, test } from 'vitest'
import { grouped } from './grouped.ts'

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1\u202f000'],
  [1_234_567, '1\u202f234\u202f567'],
])('%i is %s', (value, text) => expect(grouped(value)).toBe(text))
