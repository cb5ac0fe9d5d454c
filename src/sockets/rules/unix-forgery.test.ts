import { describe, expect, test } from 'vitest'
import { UNIX_HEADER, procOf } from '../../../test/support/fake-proc.ts'
import { look, openZoo } from '../../../test/support/look-at-sockets.ts'

describe('rows that a name may have forged', () => {
  test('a row forged by the name of a socket is told from a real one', async () => {
    const { sockets } = look(await openZoo())
    expect(sockets.filter(socket => socket.unverified).map(({ row }) => row.inode)).toEqual(['99999'])
  })

  test("the kernel's own count of unix sockets clears every row at once", () => {
    const rows =
      '00000000aaaaaaaa: 00000002 00000000 00010000 0001 01 1 @a\n00000000bbbbbbbb: 00000002 00000000 00010000 0001 01 2 @b\n'
    const files = { 'net/unix': UNIX_HEADER + rows }
    const protocols = (count: number) => ({
      'net/protocols': `protocol size sockets\nUNIX 1152 ${count} -1 NI\nUNIX-STREAM 1152 0 -1 NI\n`,
    })
    const suspects = (count: number) =>
      look(procOf({ files: { ...files, ...protocols(count) } }), ['unix']).sockets.filter(socket => socket.unverified)
    expect(suspects(2)).toHaveLength(0)
    expect(suspects(1).map(({ row }) => row.inode)).toEqual(['2'])
  })

  test('a forged row that names an inode its maker really holds makes neither of the two believed', () => {
    const rows =
      '00000000aaaaaaaa: 00000002 00000000 00010000 0001 01 1 @a\n00000000bbbbbbbb: 00000002 00000000 00010000 0001 01 2 @b\n00000000cccccccc: 00000002 00000000 00000000 0001 01 2\n'
    const source = procOf({
      files: { 'net/unix': UNIX_HEADER + rows, '9/cmdline': 'evil\0' },
      links: { '9/fd/1': 'socket:[1]', '9/fd/2': 'socket:[2]' },
    })
    expect(look(source, ['unix']).sockets.map(socket => socket.unverified ?? false)).toEqual([false, true, true])
  })
})
