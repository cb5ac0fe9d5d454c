import { describe, expect, test } from 'vitest'
import { MORE_FIELDS } from '../command/help.ts'
import type { Ownerless } from '../model.ts'
import { ownersText, stateText, whyText } from '../show/cell-text.ts'
import { TCP_HEADER, UNIX_HEADER, changing, procOf, tcpRow } from '../../../test/support/fake-proc.ts'
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
    expect(sockets[0]!.ownerless).toEqual({ reason: 'hidden', perhaps: true })
    expect(search!.hiddenSockets).toBe(1)
  })

  test.each([
    ['another user’s socket, and this user may not look: hidden', { uid: 1000, capable: false, row: '0' }, {}],
    ['one’s own would be seen: perhaps', { uid: 1000, capable: false, row: '1000' }, { perhaps: true }],
    ['who may look nearly everywhere cannot be sure: perhaps', { uid: 0, capable: true, row: '33' }, { perhaps: true }],
  ])('%s', (_, { uid, capable, row }, expected) => {
    const source = procOf({
      files: {
        ...tcp(tcpRow({ uid: row })),
        '9/cmdline': 'a\0',
        'self/status': `CapEff:\t${capable ? '000001ffffffffff' : '0000000000000000'}\n`,
      },
      links: { '9/fd/3': 'socket:[1]' },
      errors: { '8/fd': 'EACCES' },
      meta: { uid },
    })
    expect(look(changing(source, {}), ['tcp']).sockets[0]!.ownerless).toEqual({ reason: 'hidden', ...expected })
  })

  test.each([
    ['some processes are closed', { errors: { '8/fd': 'EACCES' } }, { reason: 'hidden', perhaps: true }],
    ['in a pid namespace', { links: { 'self/ns/pid': 'pid:[1]' } }, { reason: 'outside-pid-namespace' }],
    ['everybody was looked at', {}, { reason: 'none-found' }],
  ])('a socket that goes while owners are looked for is gone, not hidden: %s', (_, parts, otherwise) => {
    const base = procOf({
      files: { ...tcp(tcpRow({ inode: '7' }) + tcpRow({ inode: '8', local: '0100007F:1F91' })), '9/cmdline': 'a\0' },
      ...parts,
      links: { '9/fd/3': 'socket:[1]', ...('links' in parts && parts.links) },
    })
    let reads = 0
    const source = changing(base, {
      readFile: path => {
        if (path === 'net/tcp' && reads++ > 0) return Buffer.from(TCP_HEADER + tcpRow({ inode: '8' }))
        return base.readFile(path)
      },
    })
    const { sockets, search } = look(source, ['tcp'])
    expect(sockets.map(({ ownerless }) => ownerless)).toEqual([{ reason: 'gone' }, otherwise])
    expect(search!.hiddenSockets).toBe(otherwise.reason === 'none-found' ? 0 : 1)
  })

  test('every reason is named in the help', () => {
    const reasons: Ownerless[] = [
      { reason: 'time-wait' },
      { reason: 'accept-queue', listenerPids: [] },
      { reason: 'syn-queue', listenerPids: [] },
      { reason: 'orphan' },
      { reason: 'kernel' },
      { reason: 'in-flight', candidatePids: [] },
      { reason: 'hidden' },
      { reason: 'hidden', perhaps: true },
      { reason: 'outside-pid-namespace' },
      { reason: 'gone' },
      { reason: 'not-recorded' },
      { reason: 'none-found' },
    ]
    const [socket] = look(procOf({ files: tcp(tcpRow()) }), ['tcp']).sockets
    const help = MORE_FIELDS.replaceAll(/\s+/g, ' ')
    for (const ownerless of reasons) expect(help).toContain(whyText({ ...socket!, ownerless }).trim())
    for (const heldBy of ['thread', 'io_uring'] as const) {
      const owner = { process: { pid: 1 }, heldBy, fds: [], tids: [] }
      expect(help).toContain(whyText({ ...socket!, owners: [owner] }).trim())
    }
    expect(help).toContain(whyText({ ...socket!, unverified: true }))
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
    expect(look(procOf({ files, links }), ['tcp']).sockets[0]!.ownerless).toEqual({
      reason: 'hidden',
      perhaps: true,
    })
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
