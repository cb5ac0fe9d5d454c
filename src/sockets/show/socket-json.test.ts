import { describe, expect, test } from 'vitest'
import { procOf, TCP_HEADER, tcpRow, UNIX_HEADER } from '../../../test/support/fake-proc.ts'
import { look } from '../../../test/support/look-at-sockets.ts'
import { socketJson } from './socket-json.ts'

const jsonOf = (files: Record<string, string>, links: Record<string, string> = {}) =>
  look(procOf({ files, links }), undefined, 'full').sockets.map(
    socket => JSON.parse(JSON.stringify(socketJson(socket, 100))) as Record<string, unknown>,
  )

describe('a socket as JSON', () => {
  test('a TCP listener has connections in its queue, not bytes', () => {
    const [listener] = jsonOf({ 'net/tcp': TCP_HEADER + tcpRow({ queues: '00000000:00000002' }) })
    expect(listener).toEqual({
      protocol: 'tcp',
      state: 'LISTEN',
      localAddress: '127.0.0.1',
      localPort: 8080,
      remoteAddress: '0.0.0.0',
      remotePort: 0,
      acceptQueueConnections: 2,
      txQueueBytes: 0,
      timer: 'off',
      timerSeconds: 0,
      retransmits: 0,
      probes: 0,
      uid: 0,
      refs: 1,
      inode: '7000',
      owners: [],
      ownerless: { reason: 'not-recorded' },
    })
  })

  test('a connection has bytes, and one that the kernel keeps has no user', () => {
    const [connection, left] = jsonOf({
      'net/tcp':
        TCP_HEADER +
        tcpRow({ state: '01', queues: '00000007:00000400', timer: '01:0000000A', retransmits: '00000003', uid: '33' }) +
        tcpRow({ state: '06', timer: '03:00001770', inode: '0', rest: '' }),
    })
    expect(connection).toMatchObject({
      rxQueueBytes: 1024,
      txQueueBytes: 7,
      timer: 'retransmit',
      timerSeconds: 0.1,
      retransmits: 3,
      uid: 33,
    })
    expect(connection).not.toHaveProperty('acceptQueueConnections')
    expect(left).toMatchObject({ inode: '0', timerSeconds: 60, ownerless: { reason: 'time-wait' } })
    expect(left).not.toHaveProperty('uid')
  })

  test('bytes that are not UTF-8 are escaped, and there whole', () => {
    const [socket] = jsonOf(
      {
        'net/unix': `${UNIX_HEADER}00000000cccccccc: 00000003 00000000 00010000 0001 01 10 /run/\xff\n`,
        '9/cmdline': '\xfe\0\xc3\xa4\0',
        '9/comm': 'ok\n',
      },
      { '9/fd/3': 'socket:[10]' },
    )
    expect(socket).toMatchObject({
      protocol: 'unix',
      type: 'STREAM',
      path: String.raw`/run/\xff`,
      pathBase64: Buffer.from('/run/\xff', 'latin1').toString('base64'),
      owners: [
        {
          pid: 9,
          program: String.raw`\xfe`,
          programBase64: '/g==',
          comm: 'ok',
          args: [String.raw`\xfe`, 'ä'],
          argsBase64: Buffer.from('\xfe\0\xc3\xa4', 'latin1').toString('base64'),
          fds: [3],
          heldBy: 'fd',
        },
      ],
    })
    expect(socket).not.toHaveProperty('ownerless')
  })

  test('an inode beyond 2^53 is exact', () => {
    expect(jsonOf({ 'net/tcp': TCP_HEADER + tcpRow({ inode: '18446744073709551615' }) })[0]).toMatchObject({
      inode: '18446744073709551615',
    })
  })

  test.each([
    [
      'packet',
      'sk\n000000001ffec34a 4      3    86dd   2     1 39984  7      11\n',
      { type: 3, etherType: 0x86dd, interfaceIndex: 2, running: true, rxQueueBytes: 39984, uid: 7, refs: 4 },
    ],
    [
      'netlink',
      'sk\n00000000ec97306a 15  12         0000000f 1        2        0     2        3        13\n',
      { family: 15, portId: 12, groups: 15, rxQueueBytes: 1, txQueueBytes: 2, drops: 3 },
    ],
    [
      'sctp/eps',
      'h\nffff8800 ffff8801 2   10  29   11165   5 14 10.0.0.1 10.0.0.2 \n',
      {
        protocol: 'sctp',
        kind: 'endpoint',
        state: 'LISTEN',
        localAddresses: ['10.0.0.1', '10.0.0.2'],
        localPort: 11165,
      },
    ],
  ])('of %s', (table, text, expected) => {
    expect(jsonOf({ [`net/${table}`]: text })[0]).toMatchObject(expected)
  })
})
