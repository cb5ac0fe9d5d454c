import { expect, test } from 'vitest'
import { connection, factsOf, later, listener, lookAt, unaccepted } from '../../../test/support/health-looks.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { healthFacts } from './facts.ts'

test('the same socket is known by its inode, whatever became of it, or by its addresses where it has none', () => {
  const held = connection(1, { inode: '5' })
  const facts = factsOf([held, unaccepted(2)], [later(held, { state: TCP_STATE.closeWait }), unaccepted(2)])
  expect(facts.now.sockets.map(socket => facts.earlier(socket)?.row.remotePort)).toEqual([1, 2])
  const other = factsOf([held, unaccepted(2)], [later(held, { inode: '6' }), unaccepted(3)])
  expect(other.now.sockets.map(socket => other.earlier(socket))).toEqual([undefined, undefined])
})

test('who accepted nothing shows in the connections that still wait', () => {
  const server = listener({ rxQueueBytes: 2 })
  const ask = (before: number[], now: number[]) =>
    factsOf([server, ...before.map(unaccepted)], [server, ...now.map(unaccepted)]).unaccepted(server)
  expect(ask([1, 2], [1, 2, 3])).toMatchObject({ stillWaiting: 2, nobodyAccepted: true })
  expect(ask([1, 2], [2, 3])).toMatchObject({ stillWaiting: 1, nobodyAccepted: false })
  expect(ask([], [1])).toMatchObject({ stillWaiting: 0, nobodyAccepted: false })
  expect(healthFacts(lookAt([server, unaccepted(1)]), undefined).unaccepted(server)).toMatchObject({
    nobodyAccepted: false,
  })
})

test('a counter that one look lacks did not rise by 0', () => {
  const counters = { 'TcpExt.TW': 3 }
  expect(factsOf([], [], { before: { counters }, now: { counters: { 'TcpExt.TW': 5 } } }).rise('TcpExt', 'TW')).toBe(2)
  expect(factsOf([], [], { now: { counters } }).rise('TcpExt', 'TW')).toBeUndefined()
  expect(healthFacts(lookAt([], { counters }), undefined).rise('TcpExt', 'TW')).toBeUndefined()
})

test('an address is our own where a socket has it', () => {
  const facts = factsOf([], [connection(1, { localAddress: '::ffff:192.0.2.1' })])
  expect(['127.9.9.9', '192.0.2.1', '192.0.2.2'].map(address => facts.isOwnAddress(address))).toEqual([
    true,
    true,
    false,
  ])
})
