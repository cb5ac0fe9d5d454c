import { describe, expect, test } from 'vitest'
import { ownersText, stateText, whyText } from '../show/cell-text.ts'
import { UNIX_HEADER, procOf, tcpRow } from '../../../test/support/fake-proc.ts'
import { look, openZoo, socketAt, tcp } from '../../../test/support/look-at-sockets.ts'

describe('why a socket has no owner', () => {
  test('a netlink socket with port id 0 is the kernel’s', () => {
    const kernel = procOf({
      files: {
        'net/netlink':
          'sk\n000000002d1856f3 0   0          00000000 0        0        0     2        0        499598  \n',
      },
    })
    expect(whyText(look(kernel, ['netlink']).sockets[0]!)).toBe('kernel')
  })

  test('sockets without an inode are not one socket, and each has its own reason', async () => {
    const { sockets } = look(await openZoo())
    const withoutInode = sockets.filter(({ row }) => row.table === 'tcp' && row.inode === '0')
    expect(withoutInode.map(socket => [stateText(socket), socket.ownerless?.reason])).toEqual([
      ['ESTABLISHED', 'accept-queue'],
      ['ESTABLISHED', 'accept-queue'],
      ['FIN_WAIT2', 'orphan'],
      ['ESTABLISHED', 'accept-queue'],
      ['LAST_ACK', 'orphan'],
      ['TIME_WAIT', 'time-wait'],
      ['SYN_RECV', 'syn-queue'],
    ])
    expect(withoutInode[0]!.ownerless).toEqual({ reason: 'accept-queue', listenerPids: [11, 63] })
    expect(withoutInode.every(socket => ownersText(socket) === '-')).toBe(true)
  })

  test('an accept queue belongs to the listener on its own address before one on any address', () => {
    const source = procOf({
      files: {
        ...tcp(
          tcpRow({ inode: '1' }) +
            tcpRow({ local: '00000000:1F90', inode: '2' }) +
            tcpRow({ remote: '0100007F:9999', state: '01', inode: '0' }),
        ),
        '8/cmdline': 'own\0',
        '9/cmdline': 'any\0',
      },
      links: { '8/fd/3': 'socket:[1]', '9/fd/3': 'socket:[2]' },
    })
    expect(look(source, ['tcp']).sockets[2]!.ownerless).toEqual({ reason: 'accept-queue', listenerPids: [8] })
  })

  test('a socket in flight over a unix socket names who may receive it', () => {
    const source = procOf({
      files: {
        ...tcp(tcpRow()),
        'net/unix': `${UNIX_HEADER}00000000aaaaaaaa: 00000003 00000000 00000000 0001 03 50\n`,
        '9/cmdline': 'a\0',
        '9/fdinfo/5': 'pos:\t0\nscm_fds: 1\n',
      },
      links: { '9/fd/5': 'socket:[50]' },
    })
    expect(socketAt(look(source).sockets, 8080).ownerless).toEqual({ reason: 'in-flight', candidatePids: [9] })
  })

  test('what is hidden by permission is counted, and said to be hidden', () => {
    const source = procOf({
      files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' },
      links: { '9/fd/3': 'socket:[1]' },
      errors: { '8/fd': 'EACCES', '7/fd': 'EACCES' },
    })
    const { sockets, search } = look(source, ['tcp'])
    expect(Object.fromEntries(search!.unreadable)).toEqual({ EACCES: 2 })
    expect(sockets[0]!.ownerless).toEqual({ reason: 'hidden' })
    expect(search!.hiddenSockets).toBe(1)
  })

  test('under hidepid the missing owners are hidden, not absent', () => {
    const mountinfo = '22 1 0:21 / /proc rw,relatime - proc proc rw,hidepid=invisible\n'
    const files = {
      ...tcp(tcpRow()),
      'self/mountinfo': mountinfo,
      'self/status': 'CapEff:\t0000000000000000\n',
      '9/cmdline': 'a\0',
    }
    const links = { '9/fd/3': 'socket:[1]' }
    expect(look(procOf({ files, links }), ['tcp']).sockets[0]!.ownerless).toEqual({ reason: 'hidden' })
    const capable = { ...files, 'self/status': 'CapEff:\t0000000000080000\n' }
    expect(look(procOf({ files: capable, links }), ['tcp']).sockets[0]!.ownerless).toEqual({ reason: 'none-found' })
  })

  test('where everybody was looked at, a socket without owner is the kernel’s or gone', () => {
    const source = procOf({ files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' }, links: { '9/fd/3': 'socket:[1]' } })
    expect(look(source, ['tcp']).sockets[0]!.ownerless).toEqual({ reason: 'none-found' })
  })

  test('a pid namespace explains missing owners', () => {
    const source = procOf({
      files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' },
      links: { '9/fd/3': 'socket:[1]', 'self/ns/pid': 'pid:[4026532178]' },
    })
    expect(look(source, ['tcp']).sockets[0]!.ownerless).toEqual({ reason: 'outside-pid-namespace' })
  })

  test('a recording without descriptors says so', () => {
    expect(look(procOf({ files: tcp(tcpRow()) }), ['tcp']).sockets[0]!.ownerless).toEqual({ reason: 'not-recorded' })
  })
})
