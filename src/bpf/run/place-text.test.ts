import { expect, test } from 'vitest'
import { withBeat } from '../jobs/build.ts'
import { placeText } from './place-text.ts'

const program = withBeat('// a script\n  BEGIN { x }')

test.each([
  [{ line: 2, columns: [9, 12] }, 'line 2, columns 9-11: BEGIN { x }'],
  [{ line: 2, columns: [9, 10] }, 'line 2, column 9: BEGIN { x }'],
  [{ line: 2, columns: [9, 9] }, 'line 2, column 9: BEGIN { x }'],
  [{ line: 1 }, 'line 1: // a script'],
  // An open brace is found where the probe that linsight adds begins.
  [{ line: 3, columns: [1, 2] }, 'at the end of the script'],
  [{ line: 99 }, 'at the end of the script'],
] as const)('%j', (place, text) => {
  expect(placeText(place, program)).toBe(text)
})
