import fc from 'fast-check'
import { expect, test } from 'vitest'
import { headAndTail } from './head-and-tail.ts'

const KEPT = 16 * 1024

test('a text of up to 48 KiB is kept, of a longer one the beginning and the end', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40_000), { maxLength: 8 }), lengths => {
      const kept = headAndTail()
      let whole = ''
      lengths.forEach((length, i) => {
        const piece = String(i).repeat(length)
        whole += piece
        kept.push(piece)
      })
      const text = kept.text()
      if (whole.length <= 3 * KEPT) expect(text).toBe(whole)
      else {
        expect(text.startsWith(whole.slice(0, KEPT))).toBe(true)
        expect(text.endsWith(whole.slice(-KEPT))).toBe(true)
        const left = Number(/\n\[(\d+) bytes left out\]\n/.exec(text)?.[1] ?? 0)
        expect(text.replace(/\n\[\d+ bytes left out\]\n/, '').length + left).toBe(whole.length)
      }
    }),
  )
})
