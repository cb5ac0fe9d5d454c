import { expect, test } from 'vitest'
import { ByteInterner, viewOf } from './byte-interner.ts'
import { CallNames } from './call-names.ts'

const OPEN = 0x28
const at = (text: string) => viewOf(Buffer.from(text.padEnd(64), 'latin1'))

test('a name is recognised once it was seen, and only as a whole', () => {
  const names = new CallNames(new ByteInterner(100))
  names.intern(at('other'), 0, 5)
  expect(names.find(at('openat(3)'), 0, OPEN)).toBe(-1)
  const number = names.intern(at('openat(3)'), 0, 6)
  const row = names.find(at('openat(4)'), 0, OPEN)
  expect([names.numberIn(row), names.lengthIn(row)]).toEqual([number, 6])
  for (const text of ['openat2(3)', 'opena(3)', 'openat 3', 'openbt(3)']) expect(names.find(at(text), 0, OPEN)).toBe(-1)
})

test('names shorter or longer than a row has room for get their number all the same', () => {
  const all = new ByteInterner(100)
  const names = new CallNames(all)
  for (const name of ['other', 'brk', 'rt_sigprocmask', 'read']) names.intern(at(`${name}(`), 0, name.length)
  expect([0, 1, 2, 3].map(id => all.text(id))).toEqual(['other', 'brk', 'rt_sigprocmask', 'read'])
  expect(names.find(at('brk('), 0, OPEN)).toBe(-1)
})
