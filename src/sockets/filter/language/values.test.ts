import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { integerOf, quantityOf, quantityText, type Unit } from './values.ts'

describe('values', () => {
  test.each([
    ['80', 80],
    ['0', 0],
    ['0x50', 80],
    ['0120', 80],
    ['08', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['', undefined],
    ['8 0', undefined],
  ])('%s is the integer %s', (text, value) => expect(integerOf(text)).toBe(value))

  test.each<[string, Unit, number | undefined]>([
    ['64K', 'bytes', 65_536],
    ['1.5MiB', 'bytes', 1_572_864],
    ['64', 'bytes', 64],
    ['64s', 'bytes', undefined],
    ['50ms', 'ms', 50],
    ['800us', 'ms', 0.8],
    ['1s', 'ms', 1000],
    ['2h', 's', 7200],
    ['500ms', 's', 0.5],
    ['7', 'count', 7],
    ['7k', 'count', undefined],
    ['1.5', 'count', undefined],
    ['k', 'bytes', undefined],
  ])('%s in %s is %s', (text, unit, value) => expect(quantityOf(text, unit)).toBe(value))

  test('what is printed is read again', () => {
    fc.assert(
      fc.property(fc.constantFrom<Unit>('s', 'ms'), fc.nat(10_000_000), (unit, thousandths) => {
        const value = thousandths / 1000
        expect(quantityOf(quantityText(value, unit), unit)).toBe(value)
      }),
    )
  })
})
