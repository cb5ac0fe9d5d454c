import { describe, expect, test } from 'vitest'
import { parseUnixTable } from './unix.ts'
import { UNIX_HEADER } from '../../../test/support/fake-proc.ts'

describe('parseUnixTable', () => {
  test('counters are hex, the inode is decimal', () => {
    expect(
      parseUnixTable(Buffer.from(`${UNIX_HEADER}00000000aaaaaaaa: 0000000A 00000000 00010000 0001 01    10 @x\n`))
        .rows[0],
    ).toMatchObject({ refs: 10, inode: '10' })
  })

  test('a unix path may hold blanks, newlines, escapes and bytes that are no text', () => {
    const names = ['/a b.sock', '/a\nb.sock', '/\x1b[31m.sock', '/\xff\xfe.sock', '@with@nul', `/${'L'.repeat(107)}`]
    const text =
      UNIX_HEADER +
      names.map((name, i) => `00000000aaaaaaa${i}: 00000002 00000000 00010000 0001 01   ${100 + i} ${name}\n`).join('')
    const { rows, bogus } = parseUnixTable(Buffer.from(text, 'latin1'))
    expect(rows.map(row => row.path)).toEqual(names)
    expect(bogus).toEqual([])
  })
})
