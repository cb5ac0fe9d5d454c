import { expect, test } from 'vitest'
import type { KernelFacts, Socket } from '../../model.ts'
import type { UnixRow } from '../../tables/unix-row.ts'
import { unixPeers } from './unix-peers.ts'

const unix = (inode: string, kernel?: Partial<KernelFacts>, row: Partial<UnixRow> = {}): Socket & { row: UnixRow } => ({
  row: {
    table: 'unix',
    pointer: '0',
    refs: 2,
    flags: 0,
    type: 1,
    state: 3,
    inode,
    path: undefined,
    mayBeForged: false,
    ...row,
  },
  owners: undefined,
  ...(kernel && { kernel: { cookie: '1', ...kernel } }),
})
function peersOf(...sockets: ReturnType<typeof unix>[]) {
  const peers = unixPeers(sockets)
  return sockets.map(socket => {
    const peer = peers.get(socket)
    return (
      peer && [
        peer.kind,
        ...peer.ends.map(({ row }) => row.inode),
        ...(peer.listeners ?? []).map(({ row }) => row.inode),
      ]
    )
  })
}

test('both ends of a stream', () => {
  expect(peersOf(unix('5', { peerInode: '6' }), unix('6', { peerInode: '5' }))).toEqual([
    ['connected', '6'],
    ['connected', '5'],
  ])
})

test('a datagram socket that others send to sends to nobody', () => {
  const log = unix('5', {}, { type: 2, state: 1 })
  expect(peersOf(log, unix('6', { peerInode: '5' }, { type: 2 }), unix('7', { peerInode: '5' }, { type: 2 }))).toEqual([
    ['one-way', '6', '7'],
    ['one-way', '5'],
    ['one-way', '5'],
  ])
})

test('a client that is not accepted, and the connection that waits for it', () => {
  const listener = unix('5', { waitingInodes: ['6'] }, { state: 1, flags: 0x10000, path: '@x' })
  const embryo = unix('0', undefined, { path: '@x', state: 2 })
  expect(peersOf(listener, unix('6', { peerInode: '0' }), embryo)).toEqual([
    undefined,
    ['not-accepted', '5'],
    ['connected', '6'],
  ])
  const busy = unix('5', { waitingInodes: ['6', '7'] }, { state: 1, flags: 0x10000, path: '@x' })
  expect(peersOf(busy, unix('6', {}), unix('7', {}), embryo)[3]).toEqual(['ambiguous', '6', '7'])
})

test('an end that no table lists', () => {
  expect(peersOf(unix('5', { peerInode: '9' }))).toEqual([['not-here']])
})

test('where the kernel was not asked it is not known; what only came meanwhile is not here', () => {
  expect(peersOf(unix('5'), unix('6', undefined, { state: 1 }), unix('7', undefined, { state: 1, type: 2 }))).toEqual([
    ['not-known'],
    undefined,
    ['not-known'],
  ])
  expect(peersOf(unix('5'), unix('6', {}))).toEqual([['not-here'], undefined])
})

test('what ss told, where the kernel could not be asked', () => {
  const told = new Map([
    ['5', '6'],
    ['6', '5'],
    ['7', '8'],
    ['9', '0'],
  ])
  const sockets = [
    unix('5'),
    unix('6'),
    unix('7', undefined, { type: 2 }),
    unix('8', undefined, { type: 2, state: 1 }),
    unix('9'),
  ]
  const peers = unixPeers(sockets, told)
  expect(sockets.map(socket => [peers.get(socket)?.kind, peers.get(socket)?.ends[0]?.row.inode])).toEqual([
    ['connected', '6'],
    ['connected', '5'],
    ['one-way', '8'],
    ['one-way', '7'],
    ['not-known', undefined],
  ])
})
