import { expect, test } from 'vitest'
import { parseBucket, parseHistogramHeader, parseSection } from './tool-histogram.ts'

test.each([
  ['     usecs               : count    distribution', { unit: 'usecs' }],
  ['     Kbytes              : count     distribution', { unit: 'Kbytes' }],
  ['usecs : count distribution', undefined],
  ['     usecs               : total    distribution', undefined],
])('header %j', (line, found) => {
  expect(parseHistogramHeader(line)).toEqual(found)
})

test.each([
  ['         8 -> 15         : 643      |****      |', { min: 8, max: 15, count: 643 }],
  ['        3          : 12       |**   |', { min: 3, max: 3, count: 12 }],
  ['[4K, 8K)               1 |@@@   |', { min: 4096, max: 8191, count: 1 }],
  ['[1M, ...)              2 |@@@   |', { min: 1_048_576, max: undefined, count: 2 }],
  ['(..., 0)               2 |@@@   |', { min: undefined, max: -1, count: 2 }],
  ['[0]                    7 |@@@   |', { min: 0, max: 0, count: 7 }],
  ['[4K, 8K)               x |@@@   |', undefined],
  ['         8 -> 15         : 643', undefined],
  ['8 - 15 : 3 |*|', undefined],
])('bucket %j', (line, found) => {
  expect(parseBucket(line)).toEqual(found)
})

test.each([
  ['pid = 3750 bash', { pid: 3750, comm: 'bash' }],
  ['disk = vda', { disk: 'vda' }],
  ['Process Name = umount', { comm: 'umount' }],
  ["operation = 'read'", { operation: 'read' }],
  ['cpu = 1 disk = sda', { cpu: 1, disk: 'sda' }],
  ['Process Name = 12', { comm: '12' }],
  [
    'a b[7] lock 0x22 contended 13 times, 3218 avg usecs [max: 18160 usecs, min 5 usecs]',
    { comm: 'a b', pid: 7, lock: '0x22', contended: 13, averageUs: 3218, maxUs: 18_160, minUs: 5 },
  ],
  ['a[7] lock 0x22 contended x times, 1 avg usecs [max: 1 usecs, min 1 usecs]', undefined],
  ['color = red', undefined],
])('section %j', (line, found) => {
  expect(parseSection(line)).toEqual(found)
})
