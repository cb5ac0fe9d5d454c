import { describe, expect, test } from 'vitest'
import { connection, inetSocket, listener, unaccepted } from '../../../../test/support/health-looks.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { Socket } from '../../model.ts'
import { findPeers } from './find-peers.ts'

const find = (sockets: readonly Socket[], all = sockets) => findPeers(sockets, { all, flows: [], own: 'net:[1]' })
const client = connection(80, { localPort: 2001, pid: 8, inode: '8' })
const server = connection(2001, { pid: 7, inode: '7' })

test('the socket that is shown is found among all by its inode, or by its addresses', () => {
  const again = { ...client, row: { ...client.row } }
  expect(find([again], [client, server]).get(again)).toEqual({ kind: 'connected', ends: [server] })
  const waiting = { ...unaccepted(2001) }
  expect(find([{ ...waiting }], [waiting, client]).size).toBe(1)
})

test('one that has gone since is still an end', () => {
  expect(find([client], [server]).get(client)).toEqual({ kind: 'connected', ends: [server] })
})

describe('not accepted', () => {
  const waits = listener({ rxQueueBytes: 1 })
  test('the connection waits for a listener', () => {
    const end = unaccepted(2001)
    expect(find([client], [client, end, waits]).get(client)).toEqual({
      kind: 'not-accepted',
      ends: [end],
      listeners: [waits],
    })
  })

  test('the handshake is not answered', () => {
    const asking = connection(80, { localPort: 2001, state: TCP_STATE.synSent })
    expect(find([asking], [asking, waits]).get(asking)).toEqual({ kind: 'not-accepted', ends: [], listeners: [waits] })
    const elsewhere = inetSocket({ ...asking.row, remoteAddress: '192.0.2.9' })
    expect(find([elsewhere], [elsewhere, waits]).get(elsewhere)).toEqual({ kind: 'not-here', ends: [] })
  })

  test('an end that its process has closed is the end', () => {
    const closed = connection(2001, { inode: '0', state: TCP_STATE.finWait2 })
    expect(find([client], [client, closed, waits]).get(client)).toEqual({ kind: 'connected', ends: [closed] })
  })
})

describe('UDP to a socket without a peer', () => {
  const udp = (fields: object) => inetSocket({ table: 'udp', localPort: 5000, ...fields })
  const sender = udp({ remoteAddress: '127.0.0.1', remotePort: 53 })
  test.each([
    ['on its address', { localAddress: '127.0.0.1', localPort: 53 }, 'one-way'],
    ['on every address', { localAddress: '0.0.0.0', localPort: 53 }, 'one-way'],
    ['on another port', { localAddress: '127.0.0.1', localPort: 54 }, 'not-here'],
    ['on another address', { localAddress: '127.0.0.2', localPort: 53 }, 'not-here'],
    ['UDP-Lite', { table: 'udplite', localAddress: '127.0.0.1', localPort: 53 }, 'not-here'],
  ])('%s', (_, fields, kind) => {
    const taker = udp(fields)
    expect(find([sender], [sender, taker]).get(sender)).toEqual({ kind, ends: kind === 'one-way' ? [taker] : [] })
  })

  test('to another machine: whoever is bound to every address here does not get it', () => {
    const far = udp({ localAddress: '192.0.2.1', remoteAddress: '192.0.2.9', remotePort: 53 })
    const everywhere = udp({ localAddress: '0.0.0.0', localPort: 53 })
    expect(find([far], [far, everywhere]).get(far)).toEqual({ kind: 'not-here', ends: [] })
  })

  test('of several nothing tells which', () => {
    const two = ['1', '2'].map(inode => udp({ localAddress: '127.0.0.1', localPort: 53, inode }))
    expect(find([sender], [sender, ...two]).get(sender)).toEqual({ kind: 'ambiguous', ends: two })
  })
})

test('through translation, and said so', () => {
  const [opener, answerer] = [
    inetSocket({ localAddress: '192.0.2.9', localPort: 4, remoteAddress: '192.0.2.1', remotePort: 8080 }),
    inetSocket({ localAddress: '10.0.0.2', localPort: 80, remoteAddress: '192.0.2.9', remotePort: 4 }),
  ]
  const flow = {
    protocol: 'tcp',
    original: { source: '192.0.2.9', sourcePort: 4, destination: '192.0.2.1', destinationPort: 8080 },
    reply: { source: '10.0.0.2', sourcePort: 80, destination: '192.0.2.9', destinationPort: 4 },
  }
  const peers = findPeers([opener], { all: [opener, answerer], flows: [flow], own: undefined })
  expect(peers.get(opener)).toEqual({ kind: 'connected', ends: [answerer], translated: true })
})

test('what is connected to nothing has no peer', () => {
  expect(find([listener(), inetSocket({ table: 'raw', remoteAddress: '127.0.0.1', remotePort: 0 })]).size).toBe(0)
})
