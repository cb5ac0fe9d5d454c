import { describe, expect, test } from 'vitest'
import { owner, tcpListener, tcpSocket } from '../../../../test/support/a-socket.ts'
import type { Socket } from '../../model.ts'
import { listenerKey, socketChanges } from './socket-changes.ts'

const changes = (before: Socket[], after: Socket[]) =>
  socketChanges(before, after).changes.map(({ mark, kinds }) => [mark, ...kinds].join(' '))

describe('what changed', () => {
  test.each<[string, Socket[], Socket[], string[]]>([
    ['nothing', [tcpSocket()], [tcpSocket()], []],
    ['it came', [], [tcpSocket()], ['+']],
    ['it went', [tcpSocket()], [], ['-']],
    ['its state', [tcpSocket()], [tcpSocket({ state: 8 })], ['~ state']],
    ['closed: one change, not two', [tcpSocket()], [tcpSocket({ inode: '0', state: 5 })], ['~ state']],
    ['bytes in its queues only', [tcpSocket()], [tcpSocket({ rxQueueBytes: 9, txQueueBytes: 9, timer: 1 })], []],
    ['its peer', [tcpSocket({ table: 'udp' })], [tcpSocket({ table: 'udp', remotePort: 7 })], ['~ peer']],
    ['its owner', [tcpSocket({}, { owners: [owner(1)] })], [tcpSocket({}, { owners: [owner(2)] })], ['~ owner']],
    [
      'the pid was given anew',
      [tcpSocket({}, { owners: [owner(1)] })],
      [tcpSocket({}, { owners: [owner(1, 'x', 5)] })],
      ['~ owner'],
    ],
    ['owners not looked for in one', [tcpSocket({}, { owners: [owner(1)] })], [tcpSocket()], []],
    [
      'closed by its owner: no owner to tell',
      [tcpSocket({}, { owners: [owner(1)] })],
      [tcpSocket({ inode: '0', state: 6 }, { owners: [] })],
      ['~ state'],
    ],
    [
      'a listener restarted',
      [tcpListener({ inode: '1' }, { owners: [owner(1)] })],
      [tcpListener({ inode: '2' }, { owners: [owner(2)] })],
      ['~ restarted'],
    ],
    [
      'a listener opened anew by its process',
      [tcpListener({ inode: '1' }, { owners: [owner(1)] })],
      [tcpListener({ inode: '2' }, { owners: [owner(1)] })],
      ['~ reopened'],
    ],
    [
      'a listener restarted, owners not looked for',
      [tcpListener({ inode: '1' })],
      [tcpListener({ inode: '2' })],
      ['~ reopened'],
    ],
    [
      'a listener on another address',
      [tcpListener({ inode: '1' })],
      [tcpListener({ inode: '2', localAddress: '::1' })],
      ['-', '+'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected)
  })

  test('a column that was asked for', () => {
    const columns = ({ row }: Socket) => ('rxQueueBytes' in row ? String(row.rxQueueBytes) : '')
    const after = [tcpSocket({ rxQueueBytes: 9 })]
    expect(socketChanges([tcpSocket()], after, columns).changes).toMatchObject([{ mark: '~', kinds: ['column'] }])
  })

  test('listeners first, then what went, came and changed', () => {
    const before = [tcpListener({ inode: '1' }), tcpSocket({ inode: '5' }), tcpSocket({ inode: '6', remotePort: 6 })]
    const after = [
      tcpSocket({ inode: '6', remotePort: 6, state: 8 }),
      tcpSocket({ inode: '7', remotePort: 7 }),
      tcpListener({ inode: '2' }),
    ]
    expect(changes(before, after)).toEqual(['~ reopened', '-', '+', '~ state'])
  })
})

test.each<[string, Socket, string | undefined]>([
  ['a listener', tcpListener(), ' tcp 0.0.0.0 8080'],
  ['a connection', tcpSocket(), undefined],
  ['UDP without a peer', tcpListener({ table: 'udp', state: 7 }), ' udp 0.0.0.0 8080'],
  ['UDP with a peer', tcpSocket({ table: 'udp' }), undefined],
  ['raw', tcpListener({ table: 'raw' }), undefined],
])('what %s is known by', (_, socket, key) => {
  expect(listenerKey(socket)).toBe(key)
})
