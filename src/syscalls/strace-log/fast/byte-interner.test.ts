import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteInterner, copyBytes, hashBytes, viewOf } from './byte-interner.ts'

const intern = (names: ByteInterner, text: string) => {
  const view = viewOf(Buffer.from(text, 'latin1'))
  return names.intern(view, 0, view.byteLength, hashBytes(view, 0, view.byteLength))
}

test('equal bytes have equal numbers, in the order they came', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ maxLength: 20 }).map(text => text.replaceAll(/[^\x00-\xff]/g, '?')),
        { maxLength: 200 },
      ),
      texts => {
        const names = new ByteInterner(1000)
        const order = [...new Set(texts)]
        for (const text of texts) {
          const id = intern(names, text)
          expect(id).toBe(order.indexOf(text))
          expect(names.text(id)).toBe(text)
        }
        expect(names.size).toBe(order.length)
      },
    ),
  )
})

test('beyond its limit there are no numbers, but those it has it keeps', () => {
  const names = new ByteInterner(2)
  expect(['a', 'b', 'c', 'a'].map(text => intern(names, text))).toEqual([0, 1, -1, 0])
})

test('many names, far more than it began with room for', () => {
  const names = new ByteInterner(100_000)
  for (let i = 0; i < 50_000; i += 1) expect(intern(names, `name ${i}`)).toBe(i)
  expect(intern(names, 'name 49999')).toBe(49_999)
})

test('where a known name ends in other bytes', () => {
  const names = new ByteInterner(10)
  const id = intern(names, 'read')
  const view = viewOf(Buffer.from('a read(3)'))
  expect(names.endsAt(id, view, 2)).toBe(6)
  expect(names.endsAt(id, view, 3)).toBe(-1)
})

test('bytes are copied to where they should be', () => {
  const into = Buffer.alloc(6, '.')
  expect(copyBytes(Buffer.from('abcdef'), 2, 5, into, 1)).toBe(4)
  expect(into.toString()).toBe('.cde..')
})
