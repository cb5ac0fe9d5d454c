import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OwnersByInode } from './owners-by-inode.ts'

describe('owners by inode', () => {
  test('what is unusual about an owner stays with it, in the order they came', () => {
    const owners = new OwnersByInode()
    owners.add('7', 9, 3)
    owners.add('8', 9, 4)
    owners.add(7, 10, 5, { heldBy: 'thread', tid: 11 })
    expect(owners.of('7')).toEqual([
      { pid: 9, fd: 3, heldBy: 'fd' },
      { pid: 10, fd: 5, heldBy: 'thread', tid: 11 },
    ])
    expect([owners.has('8'), owners.has('9')]).toEqual([true, false])
  })

  test('takes only the inodes that are wanted', () => {
    const owners = new OwnersByInode(new Set(['7']))
    owners.add('7', 9, 3)
    owners.add('8', 9, 4)
    expect(owners.inodes()).toEqual(['7'])
  })

  test('gives back every inode as it was written, of any length', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^\d{1,20}$/), { maxLength: 20 }), inodes => {
        const owners = new OwnersByInode()
        for (const [index, inode] of inodes.entries()) owners.add(inode, index, 3)
        expect(owners.inodes()).toEqual(inodes)
        expect(inodes.map(inode => owners.of(inode))).toEqual(inodes.map((_, pid) => [{ pid, fd: 3, heldBy: 'fd' }]))
      }),
    )
  })
})
