import { describe, expect, test } from 'vitest'
import { ALL_TABLES } from './tables/read-tables.ts'
import { parsePidStat } from '../processes/pid-stat.ts'
import { ownersText, whyText } from './show/cell-text.ts'
import { changing, procOf, refuse, tcpRow } from '../../test/support/fake-proc.ts'
import { look, openZoo, socketAt, tcp } from '../../test/support/look-at-sockets.ts'

describe('sockets and their owners', () => {
  test('a vsock socket, whose kind has no table, is listed as held', async () => {
    const { search } = look(await openZoo(), ALL_TABLES, 'full')
    expect(search!.unlisted).toContainEqual({ inode: '500289', pids: [11, 63], netns: 'net:[4026532179]' })
  })

  test('sockets that stand in no table are listed as held', async () => {
    const { search } = look(await openZoo(), ALL_TABLES, 'full')
    const bound = ['499695', '499696', '499698', '500755', '500289', '500290']
    expect(search!.unlisted!.map(({ inode }) => inode)).toEqual(expect.arrayContaining(bound))
  })

  test('an inode is a string: 64 bits are kept, and a leading zero is no octal', () => {
    const huge = '18446744073709551615'
    const source = procOf({
      files: { ...tcp(tcpRow({ inode: huge })), '9/cmdline': 'a\0' },
      links: { '9/fd/3': `socket:[${huge}]`, '9/fd/4': 'socket:[010]' },
    })
    const { sockets, search } = look(source, ['tcp'], 'full')
    expect(ownersText(sockets[0]!)).toBe('9/a')
    expect(search?.unlisted).toEqual([{ inode: '010', pids: [9] }])
  })

  test("a listener's Recv-Q is its accept queue", async () => {
    const { sockets } = look(await openZoo())
    expect(socketAt(sockets, 1001).row).toMatchObject({ state: 10, rxQueueBytes: 2, txQueueBytes: 0 })
  })

  test('rows of MPTCP subflows are read as the TCP they are', async () => {
    const { sockets } = look(await openZoo())
    expect(ownersText(socketAt(sockets, 1030))).toBe('11/python3,63/python3')
  })

  test('every process that holds a socket is named', async () => {
    const { sockets } = look(await openZoo())
    expect(ownersText(socketAt(sockets, 1001))).toBe('11/python3,63/python3')
  })

  test('a thread that left the shared descriptor table is searched', async () => {
    const { sockets } = look(await openZoo())
    expect(socketAt(sockets, 1043).owners).toMatchObject([{ heldBy: 'thread', tids: [64], process: { pid: 11 } }])
    expect(whyText(socketAt(sockets, 1043))).toBe('in the descriptor table of thread 64')
  })

  test('a socket registered with an io_uring has an owner', () => {
    const source = procOf({
      files: {
        ...tcp(tcpRow()),
        '9/cmdline': 'uring\0',
        '9/fdinfo/4': 'pos:\t0\nflags:\t02000002\nSqMask:\t0x7\nUserFiles:\t1\n    0: socket:[7000]\nUserBufs:\t0\n',
      },
      links: { '9/fd/4': 'anon_inode:[io_uring]' },
    })
    const [socket] = look(source, ['tcp']).sockets
    expect(ownersText(socket!)).toBe('9/uring')
    expect(whyText(socket!)).toBe('registered with an io_uring')
  })

  test('a socket of another namespace is held but in no table of ours', () => {
    const source = procOf({
      files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' },
      links: { '9/fd/3': 'socket:[7000]', '9/fd/4': 'socket:[8000]' },
    })
    expect(look(source, ['tcp'], 'full').search!.unlisted!).toEqual([{ inode: '8000', pids: [9] }])
  })

  test('a pid that went to another process is not named', () => {
    const base = procOf({ files: { ...tcp(tcpRow()), '9/cmdline': 'stranger\0' } })
    let reads = 0
    const source = changing(base, {
      list: path => (path === '' ? ['9'] : path === '9/fd' ? ['3'] : refuse('ENOENT', path)),
      // The first process held the socket; by the time its name was read, the pid was another's.
      readLink: path => (path === '9/fd/3' ? (++reads === 1 ? 'socket:[7000]' : 'socket:[1]') : refuse('ENOENT', path)),
    })
    const { sockets, search } = look(source, ['tcp'])
    expect(sockets[0]!.owners).toEqual([])
    expect(search!.vanished).toBe(1)
  })

  test('facts whose start time changed while they were read are not believed', () => {
    const stat = (start: number) => `9 (a) S 1 ${'0 '.repeat(17)}${start} 0\n`
    const base = procOf({ files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' }, links: { '9/fd/3': 'socket:[7000]' } })
    let reads = 0
    const source = changing(base, {
      readFile: path => (path === '9/stat' ? Buffer.from(stat(100 + reads++)) : base.readFile(path)),
    })
    expect(look(source, ['tcp'], 'full').sockets[0]!.owners).toEqual([])
    expect(parsePidStat(Buffer.from(stat(100)))?.startTicks).toBe(100)
  })

  test('tables are read before descriptors', () => {
    const order: string[] = []
    const base = procOf({ files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' }, links: { '9/fd/3': 'socket:[7000]' } })
    look(
      {
        ...base,
        readFile: path => (order.push(path), base.readFile(path)),
        readLink: path => (order.push(path), base.readLink(path)),
      },
      ['tcp'],
    )
    expect(order.indexOf('net/tcp')).toBeLessThan(order.indexOf('9/fd/3'))
  })

  test('an executable that was deleted while it runs is marked', async () => {
    const { sockets } = look(await openZoo(), ALL_TABLES, 'full')
    expect(socketAt(sockets, 4008).owners![0]!.process.exe).toMatchObject({ deleted: true })
  })
})
