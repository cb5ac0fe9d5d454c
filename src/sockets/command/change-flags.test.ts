import { describe, expect, test } from 'vitest'
import { refuseBesideDiff } from './change-flags.ts'

describe('beside --diff', () => {
  test.each([[{ watch: true }], [{ diff: 'a.json', all: true, tcp: true, json: true, from: 'b.json' }]])(
    '%j is taken',
    flags => {
      expect(() => refuseBesideDiff(flags)).not.toThrow()
    },
  )

  test.each([
    [{ diff: 'a.json', watch: true }, '--diff and --watch do not go together'],
    [{ diff: 'a.json', columns: 'pid' }, '--diff and --columns do not go together'],
    [{ diff: 'a.json', 'all-netns': true }, '--diff and --all-netns do not go together'],
  ])('%j is refused', (flags, message) => {
    expect(() => refuseBesideDiff(flags)).toThrow(message)
  })
})
