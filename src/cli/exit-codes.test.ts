import { expect, test } from 'vitest'
import { exitCodes } from './exit-codes.ts'

test('the codes of every command, and its own in their order', () => {
  expect(exitCodes({ input: true, no: '--fail-on was met' }, ['128+n  ended by signal n'])).toBe(`
0  done, also where something could not be seen: a remark on stderr says so
1  --fail-on was met
2  wrong usage
4  an input or output file is missing, unreadable, unwritable or not what it should be
128+n  ended by signal n`)
  expect(exitCodes({})).toMatch(/^\n0  .*\n1  a bug\n2  wrong usage$/)
})
