import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tcpSocket } from '../../../../test/support/a-socket.ts'
import type { Socket } from '../../model.ts'
import { matchSockets } from './match-sockets.ts'

const matched = (before: Socket, after: Socket) => matchSockets([before], [after]).pairs.length === 1

describe('one socket in two looks', () => {
  test.each<[string, Socket, Socket, boolean]>([
    [
      'the same cookie, all else different',
      tcpSocket({}, { cookie: '7' }),
      tcpSocket({ inode: '0', state: 6 }, { cookie: '7' }),
      true,
    ],
    ['the same inode, another cookie', tcpSocket({}, { cookie: '7' }), tcpSocket({}, { cookie: '8' }), false],
    ['the same inode, cookies not asked for in one', tcpSocket({}, { cookie: '7' }), tcpSocket(), true],
    [
      'the same inode in another namespace',
      tcpSocket({}, { netns: { netns: 'net:[1]' } as never }),
      tcpSocket(),
      false,
    ],
    ['the same inode in another table', tcpSocket(), tcpSocket({ table: 'tcp6' }), false],
    ['the same inode on another port', tcpSocket(), tcpSocket({ localPort: 81 }), false],
    [
      'without inode, the same pointer',
      tcpSocket({ inode: '0', pointer: 'aa', state: 4 }),
      tcpSocket({ inode: '0', pointer: 'aa', state: 5 }),
      true,
    ],
    [
      'without inode, another pointer, in TIME_WAIT',
      tcpSocket({ inode: '0', pointer: 'aa', state: 6 }),
      tcpSocket({ inode: '0', pointer: 'bb', state: 6 }),
      false,
    ],
    [
      'in TIME_WAIT, nothing else known',
      tcpSocket({ inode: '0', state: 6 }),
      tcpSocket({ inode: '0', state: 6 }),
      true,
    ],
    ['closed by its process', tcpSocket(), tcpSocket({ inode: '0', state: 5 }), true],
    ['accepted', tcpSocket({ inode: '0' }), tcpSocket({ inode: '9' }), true],
    [
      'finished by the kernel',
      tcpSocket({ inode: '0', pointer: 'aa', state: 5 }),
      tcpSocket({ inode: '0', pointer: 'bb', state: 6 }),
      true,
    ],
    ['another socket on the same ends', tcpSocket({ inode: '1' }), tcpSocket({ inode: '2' }), false],
    [
      'ports taken over from TIME_WAIT',
      tcpSocket({ inode: '0', state: 6 }),
      tcpSocket({ inode: '2', state: 1 }),
      false,
    ],
    ['a new handshake on the same ends', tcpSocket({ inode: '1' }), tcpSocket({ inode: '0', state: 3 }), false],
    ['closed, but to another peer', tcpSocket(), tcpSocket({ inode: '0', state: 5, remotePort: 1 }), false],
  ])('%s: %s', (_, before, after, same) => {
    expect(matched(before, after)).toBe(same)
  })
})

test('an inode that several rows share is matched row by row', () => {
  const rows = [1, 2, 3].map(localPort => tcpSocket({ localPort }))
  const { pairs, gone, came } = matchSockets(rows, rows.toReversed())
  expect([pairs.length, gone, came]).toEqual([3, [], []])
  expect(pairs.every(([was, is]) => was === is)).toBe(true)
})

const anySocket = fc
  .record({
    localPort: fc.integer({ min: 1, max: 3 }),
    remotePort: fc.integer({ min: 0, max: 3 }),
    inode: fc.constantFrom('0', '1', '2', '3'),
    state: fc.integer({ min: 1, max: 11 }),
    pointer: fc.constantFrom(undefined, 'aa', 'bb'),
  })
  .chain(row => fc.constantFrom(undefined, '1', '2', '3').map(cookie => tcpSocket(row, { ...(cookie && { cookie }) })))
const look = fc.array(anySocket, { maxLength: 12 })

test('every socket is in a pair, gone or came, once; and a look is the same as itself', () => {
  fc.assert(
    fc.property(look, look, (before, after) => {
      const { pairs, gone, came } = matchSockets(before, after)
      expect(new Set([...pairs.map(([was]) => was), ...gone])).toEqual(new Set(before))
      expect(new Set([...pairs.map(([, is]) => is), ...came])).toEqual(new Set(after))
      expect(pairs.length + gone.length).toBe(before.length)
      expect(pairs.length + came.length).toBe(after.length)
      expect(matchSockets(before, before)).toMatchObject({ gone: [], came: [] })
    }),
  )
})
