import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InodeTable } from './inode-table.ts'

test('holds what a Map holds', () => {
  const inodes = fc.oneof(fc.integer({ min: 1, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 3000 }))
  fc.assert(
    fc.property(fc.array(fc.tuple(inodes, fc.integer({ min: 1, max: 1e6 })), { maxLength: 3000 }), entries => {
      const table = new InodeTable()
      const map = new Map<number, number>()
      for (const [inode, value] of entries) {
        table.set(inode, value)
        map.set(inode, value)
      }
      expect(table.size).toBe(map.size)
      for (const [inode, value] of map) expect(table.get(inode)).toBe(value)
      for (const inode of [0, 7, 2 ** 31]) expect(table.get(inode)).toBe(map.get(inode) ?? 0)
    }),
    { numRuns: 50 },
  )
})

test('an inode of more than 32 bits is the one that the kernel answers', () => {
  const table = new InodeTable()
  table.set(2 ** 32 + 5, 9)
  expect(table.get(5)).toBe(9)
})
