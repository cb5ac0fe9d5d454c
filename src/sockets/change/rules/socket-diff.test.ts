import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { owner, tcpListener, tcpSocket } from '../../../../test/support/a-socket.ts'
import type { Owner } from '../../../processes/owner.ts'
import type { Socket } from '../../model.ts'
import type { SocketChange } from '../change.ts'
import { inverted, isSame, socketDiff } from './socket-diff.ts'

const ALL = { comparable: true, counts: true, connections: true }
const listeners = (before: Socket[], after: Socket[], comparable = true) =>
  socketDiff(before, after, { ...ALL, comparable }).listeners.map(({ mark, kinds }) => [mark, ...kinds].join(' '))

describe('listeners', () => {
  test.each<[string, Socket[], Socket[], string[]]>([
    ['nothing', [tcpListener()], [tcpListener({ inode: '9' })], []],
    ['added', [], [tcpListener()], ['+']],
    ['gone', [tcpListener()], [], ['-']],
    ['another port', [tcpListener()], [tcpListener({ localPort: 81 })], ['+', '-']],
    ['another address', [tcpListener({ localAddress: '127.0.0.1' })], [tcpListener()], ['~ address']],
    ['IPv6 instead', [tcpListener()], [tcpListener({ table: 'tcp6', localAddress: '::' })], ['~ address']],
    ['UDP instead', [tcpListener()], [tcpListener({ table: 'udp', state: 7 })], ['+', '-']],
    [
      'another program',
      [tcpListener({}, { owners: [owner(1, 'a')] })],
      [tcpListener({}, { owners: [owner(2, 'b')] })],
      ['~ owner'],
    ],
    [
      'the program restarted',
      [tcpListener({}, { owners: [owner(1, 'a')] })],
      [tcpListener({}, { owners: [owner(2, 'a')] })],
      ['~ restarted'],
    ],
    [
      'another address and program',
      [tcpListener({ localAddress: '127.0.0.1' }, { owners: [owner(1, 'a')] })],
      [tcpListener({}, { owners: [owner(2, 'b')] })],
      ['~ address owner'],
    ],
    [
      'the owner is not known any more',
      [tcpListener({}, { owners: [owner(1)] })],
      [tcpListener({}, { owners: [] })],
      [],
    ],
    [
      'takes IPv4 now',
      [tcpListener({}, { dualStack: { dual: false, evidence: '' } })],
      [tcpListener({}, { dualStack: { dual: true, evidence: '' } })],
      ['~ dual-stack'],
    ],
    [
      'two of one port that is shared',
      [tcpListener({ inode: '1' }), tcpListener({ inode: '2' })],
      [tcpListener({ inode: '3' })],
      [],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(listeners(before, after)).toEqual(expected)
  })

  test('of looks that cannot be compared addresses alone', () => {
    const before = [tcpListener({}, { owners: [owner(1, 'a')] }), tcpSocket()]
    const after = [tcpListener({}, { owners: [owner(2, 'b')] })]
    expect(socketDiff(before, after, { ...ALL, comparable: false })).toEqual({
      listeners: [],
      counts: undefined,
      connections: undefined,
    })
    expect(listeners([tcpListener({ localAddress: '127.0.0.1' })], [tcpListener()], false)).toEqual(['~ address'])
  })
})

test('counts of others where they differ', () => {
  const others = (count: number, state: number) =>
    Array.from({ length: count }, (_, i) => tcpSocket({ state, remotePort: i + 1, inode: String(i + 1) }))
  const { counts } = socketDiff([...others(2, 1), ...others(3, 8)], [...others(5, 1), ...others(3, 8)], ALL)
  expect(counts).toEqual([{ protocol: 'tcp', state: 'ESTABLISHED', before: 2, after: 5 }])
})

test('what was not asked for is not compared', () => {
  expect(socketDiff([tcpSocket()], [], { comparable: true, counts: false, connections: false })).toEqual({
    listeners: [],
    counts: undefined,
    connections: undefined,
  })
})

const anySocket = fc
  .record({
    table: fc.constantFrom('tcp', 'tcp6', 'udp'),
    localAddress: fc.constantFrom('127.0.0.1', '0.0.0.0', '::'),
    localPort: fc.integer({ min: 1, max: 3 }),
    remotePort: fc.constantFrom(0, 5, 6),
    inode: fc.constantFrom('0', '1', '2', '3', '4'),
    state: fc.constantFrom(1, 6, 7, 8, 10),
  })
  .chain(row =>
    fc
      .constantFrom<Owner[] | undefined>(undefined, [], [owner(1, 'a')], [owner(2, 'a')], [owner(3, 'b')])
      .map(owners => tcpSocket(row as never, { owners })),
  )
const look = fc.array(anySocket, { maxLength: 10 })
/** In an order that does not depend on which look came first. */
const settled = (changes: readonly SocketChange[] = []) => changes.map(change => JSON.stringify(change)).toSorted()

describe('for any two looks', () => {
  test('a look is the same as itself', () => {
    fc.assert(
      fc.property(look, sockets => {
        const diff = socketDiff(sockets, sockets, ALL)
        expect(diff).toEqual({ listeners: [], counts: [], connections: [] })
        expect(isSame(diff)).toBe(true)
      }),
    )
  })

  test('diff(a, b) = −diff(b, a)', () => {
    fc.assert(
      fc.property(look, look, fc.boolean(), (before, after, comparable) => {
        const there = socketDiff(before, after, { ...ALL, comparable })
        const back = inverted(socketDiff(after, before, { ...ALL, comparable }))
        expect(settled(there.listeners)).toEqual(settled(back.listeners))
        expect(there.counts).toEqual(back.counts)
        expect(settled(there.connections)).toEqual(settled(back.connections))
        expect(isSame(there)).toBe(isSame(back))
      }),
    )
  })

  test('turned around twice is the same', () => {
    fc.assert(
      fc.property(look, look, (before, after) => {
        const diff = socketDiff(before, after, ALL)
        expect(inverted(inverted(diff))).toEqual(diff)
      }),
    )
  })
})
