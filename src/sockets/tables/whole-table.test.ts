import { expect, test } from 'vitest'
import { changing, procOf, UDP_HEADER } from '../../../test/support/fake-proc.ts'
import { readWholeTable } from './whole-table.ts'

const row = (inode: number) =>
  `${String(inode).padStart(5)}: 0100007F:${inode.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 ${inode} 2 00000000aaaaaaaa 0\n`
const table = (...inodes: number[]) => Buffer.from(UDP_HEADER + inodes.map(row).join(''))
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

/** A live source that gives one reading after the other, the last one for ever. */
function readings(...texts: Buffer[]) {
  let read = 0
  const source = changing(procOf({}), { readFile: () => texts[Math.min(read++, texts.length - 1)]! })
  return { source, reads: () => read }
}

test('a table of one piece is the bytes of one reading', () => {
  const { source, reads } = readings(table(1, 2))
  expect([readWholeTable(source, 'net', 'udp'), reads()]).toEqual([table(1, 2), 1])
})

test('one that may be torn is read until nothing new comes, each socket once', () => {
  const torn = table(...range(1, 40).filter(inode => inode !== 7))
  const { source, reads } = readings(torn, table(...range(1, 41)))
  expect(readWholeTable(source, 'net', 'udp').toString()).toBe(table(...range(1, 7), ...range(8, 40), 7, 40).toString())
  expect(reads()).toBe(4)
})

test.each([
  ['a table the kernel does not tear', 'tcp', true],
  ['a recording', 'udp', false],
])('%s is read once', (_, name, live) => {
  const { source, reads } = readings(table(...range(1, 40)))
  readWholeTable({ ...source, mayChange: live }, 'net', name)
  expect(reads()).toBe(1)
})
