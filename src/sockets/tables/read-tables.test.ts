import { describe, expect, test } from 'vitest'
import { collectSockets } from '../read.ts'
import { openSource } from '../../proc/open-source.ts'
import { TCP_HEADER, UDP_HEADER, changing, procOf, refuse, tcpRow } from '../../../test/support/fake-proc.ts'
import { look, tcp } from '../../../test/support/look-at-sockets.ts'
import { fixture } from '../../../test/support/paths.ts'

describe('tables read while they change', () => {
  test('a udp table that changes under the reader is read until it is whole', () => {
    const row = (inode: number) =>
      tcpRow({
        state: '07',
        local: `0100007F:${(1000 + inode).toString(16).padStart(4, '0')}`,
        inode: String(inode),
        pointer: inode.toString(16).padStart(16, '0'),
        rest: ' 0',
      })
    const all = Array.from({ length: 100 }, (_, i) => i + 1)
    let reads = 0
    const source = changing(procOf({ files: {} }), {
      readFile: path => {
        if (path !== 'net/udp') return refuse('ENOENT', path)
        reads += 1
        // Every read skips other rows and repeats one.
        const seen = all.filter(inode => (inode + reads) % 7 !== 0)
        return Buffer.from(UDP_HEADER + [...seen, seen[0]!].map(row).join(''))
      },
    })
    const { sockets, tables } = collectSockets(source, {
      tables: ['udp'],
      selection: { all: true, listening: false, ports: [] },
      owners: undefined,
    })
    expect(sockets.map(({ row: { inode } }) => Number(inode)).sort((a, b) => a - b)).toEqual(all)
    expect(tables).toMatchObject({ duplicates: 1, recovered: 14 })
  })

  test('twins on one port are two sockets; the same socket read twice is one', () => {
    const twins = tcpRow({ inode: '1', pointer: 'a' }) + tcpRow({ inode: '2', pointer: 'b' })
    const torn =
      tcpRow({ state: '06', inode: '0', pointer: 'c', rest: '' }).repeat(2) +
      tcpRow({ state: '06', inode: '0', pointer: 'd', rest: '' })
    const { sockets, tables } = look(procOf({ files: tcp(twins + torn) }), ['tcp'])
    expect(sockets).toHaveLength(4)
    expect(tables.duplicates).toBe(1)
  })

  test('rows of an odd table that share an inode but no address are all kept', async () => {
    const source = await openSource(fixture('netstat/prometheus/proc.tar'), undefined)
    expect(look(source, ['tcp']).sockets).toHaveLength(3)
  })

  test('the tables of another namespace are read below a process that lives there', () => {
    const source = procOf({ files: { 'net/tcp': TCP_HEADER, '9/net/tcp': TCP_HEADER + tcpRow() } })
    const read = (folder?: string) =>
      collectSockets(source, {
        tables: ['tcp'],
        selection: { all: true, listening: false, ports: [] },
        owners: undefined,
        ...(folder && { folder }),
      })
    expect(read().sockets).toHaveLength(0)
    expect(read('9/net').sockets).toHaveLength(1)
  })
})
