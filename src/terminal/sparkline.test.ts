import { expect, test } from 'vitest'
import { sparkline } from './sparkline.ts'

test.each([
  ['scaled to the largest', [1, 2, 3, 4, 5, 6, 7, 8], undefined, '▁▂▃▄▅▆▇█'],
  ['nothing is told from little', [0, 1, 1000], undefined, '·▁█'],
  ['nothing at all', [0, 0], undefined, '··'],
  ['a ceiling of its own', [4, 8], 16, '▂▄'],
  ['above the ceiling', [99], 16, '█'],
  ['no value', [], undefined, ''],
])('%s', (_, values, ceiling, line) => {
  expect(sparkline(values, ceiling)).toBe(line)
})
