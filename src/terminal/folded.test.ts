import { expect, test } from 'vitest'
import { foldedLines } from './folded.ts'

test('one line a stack, equal stacks as one, no stray separators', () => {
  const lines = foldedLines([
    { frames: ['a', 'b c'], weight: 2 },
    { frames: ['a;x'], weight: 1 },
    { frames: ['a', 'b c'], weight: 3 },
  ])
  expect([...lines]).toEqual(['a;b c 5\n', 'a:x 1\n'])
})
