import { describe, expect, test } from 'vitest'
import { parsePortList, parsePortRange } from './port-ranges.ts'

describe('port ranges', () => {
  test.each([
    ['32768\t60999', { low: 32768, high: 60999 }],
    ['1024-65535', { low: 1024, high: 65535 }],
    ['7 7', { low: 7, high: 7 }],
    ['9 7', undefined],
    ['1 65536', undefined],
    ['1', undefined],
    ['a-b', undefined],
  ])('%j', (text, range) => expect(parsePortRange(text)).toEqual(range))

  test.each([
    ['', []],
    [
      '8080,10004-10013',
      [
        { low: 8080, high: 8080 },
        { low: 10004, high: 10013 },
      ],
    ],
    ['8080,x', undefined],
  ])('list %j', (text, ranges) => expect(parsePortList(text)).toEqual(ranges))
})
