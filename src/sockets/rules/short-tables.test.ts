import { describe, expect, test } from 'vitest'
import { changing, procOf, tcpRow } from '../../../test/support/fake-proc.ts'
import { look, tcp } from '../../../test/support/look-at-sockets.ts'
import type { SocketRow } from '../tables/socket-row.ts'
import { shortTables } from './short-tables.ts'

const rows = look(procOf({ files: tcp(tcpRow() + tcpRow({ inode: '8' })) }), ['tcp']).sockets.map(({ row }) => row)
const many = (count: number): SocketRow[] => Array.from({ length: count }, () => rows[0]!)
const counts = (count: number) => new Map([['TCP', count]])

describe('a table beside the kernel’s own count', () => {
  test.each([
    ['as many rows as sockets', many(500), 500, 500, undefined],
    ['one missing is no matter', many(499), 500, 500, undefined],
    ['1 % may come and go unnoticed', many(495), 500, 500, undefined],
    ['more is told', many(494), 500, 500, { rows: 494, counted: 500 }],
    ['the lower count holds', many(400), 500, 450, undefined],
    ['as many as came meanwhile may be missing', many(450), 500, 560, undefined],
    ['no more than that', many(439), 500, 560, { rows: 439, counted: 500 }],
    ['more rows than sockets are of no concern', many(600), 500, 500, undefined],
  ])('%s', (_, sockets, before, after, short) => {
    expect(shortTables(['tcp'], sockets, counts(before), counts(after))).toEqual(
      short === undefined ? [] : [{ table: 'tcp', ...short }],
    )
  })

  test('what is left of closed connections, and handshakes, are no sockets', () => {
    const text =
      tcpRow({ state: '06', timer: '03:00001770', inode: '0', rest: '' }) +
      tcpRow({ state: '05', timer: '03:00001770', inode: '0', pointer: 'b', rest: '' }) +
      tcpRow({ state: '03', timer: '01:00000010', inode: '0', pointer: 'c', rest: '' }) +
      tcpRow({ state: '05', timer: '00:00000000', inode: '0', pointer: 'd' })
    const leftovers = look(procOf({ files: tcp(text) }), ['tcp']).sockets.map(({ row }) => row)
    expect(shortTables(['tcp'], leftovers, counts(3), counts(3))).toEqual([{ table: 'tcp', rows: 1, counted: 3 }])
  })

  test('nothing is claimed where the kernel does not count', () => {
    expect(shortTables(['tcp', 'netlink'], [], new Map(), counts(50))).toEqual([])
  })

  test('unix sockets are counted in two lines', () => {
    const protocols = new Map([
      ['UNIX', 2],
      ['UNIX-STREAM', 3],
    ])
    expect(shortTables(['unix'], [], protocols, protocols)).toEqual([{ table: 'unix', rows: 0, counted: 5 }])
  })
})

test('counts before and after reading are those of a live machine, the recorded ones of a recording', () => {
  const protocols = (count: number) => Buffer.from(`protocol size sockets\nTCP 2496 ${count} 1 no\n`)
  const recording = procOf({ files: { ...tcp(tcpRow()), 'net/protocols': protocols(9) } })
  expect(look(recording, ['tcp']).short).toEqual([{ table: 'tcp', rows: 1, counted: 9 }])
  let reads = 0
  const live = changing(recording, {
    readFile: path => (path === 'net/protocols' ? protocols(reads++ === 0 ? 9 : 2) : recording.readFile(path)),
  })
  expect(look(live, ['tcp']).short).toEqual([])
})
