import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isCounted, packNumber, TID_BITS, UNCOUNTED_BIT, unpackNumber, unpackThread } from './counter-key.ts'

test('numbers of all tables are read back', () => {
  fc.assert(
    fc.property(fc.constantFrom('native', '32', 'x32'), fc.nat(0xffff), (abi, number) => {
      const packed = packNumber(abi, number)
      expect(unpackNumber(packed)).toEqual({ abi, number })
      expect(isCounted(packed)).toBe(true)
      expect(isCounted(packed + UNCOUNTED_BIT)).toBe(false)
    }),
  )
})

test('process and thread of any size', () => {
  fc.assert(
    fc.property(fc.nat(4_194_304), fc.nat(4_194_303), (pid, tid) => {
      expect(unpackThread(pid * 2 ** TID_BITS + tid)).toEqual({ pid, tid })
    }),
  )
})
