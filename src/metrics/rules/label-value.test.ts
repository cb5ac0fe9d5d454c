import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { labelOfBytes } from './label-value.ts'

describe('values of labels', () => {
  test.each([
    ['nginx', 'nginx'],
    ['a"b\\c', 'a"b\\\\c'],
    ['two\nlines', 'two\\nlines'],
    ['\xff', '\\xff'],
    ['\xc3\xa4', 'ä'],
    ['\x1b[31m', '\\x1b[31m'],
  ])('%j is %j', (bytes, label) => {
    expect(labelOfBytes(bytes)).toBe(label)
  })

  test('is of bounded length and well-formed, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
        const label = labelOfBytes(Buffer.from(bytes).toString('latin1'))
        expect(label.length).toBeLessThanOrEqual(128)
        expect(Buffer.from(label, 'utf8').toString('utf8')).toBe(label)
      }),
    )
    const wide = labelOfBytes(Buffer.from('a'.repeat(126) + '😀'.repeat(9)).toString('latin1'))
    expect(Buffer.from(wide, 'utf8').toString('utf8')).toBe(wide)
  })
})
