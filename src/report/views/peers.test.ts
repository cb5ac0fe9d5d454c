import { expect, test } from 'vitest'
import type { SocketJson } from '../../sockets/answer/index.ts'
import { peersOf } from './peers.ts'

const socket = (localPort: number, remoteAddress: string, remotePort: number, changes: object = {}) =>
  ({
    protocol: 'tcp',
    inode: '1',
    state: 'ESTABLISHED',
    localAddress: '10.0.0.1',
    localPort,
    remoteAddress,
    remotePort,
    ...changes,
  }) as SocketJson

const by = (program: string) => ({ owners: [{ pid: 1, program, fds: [3], heldBy: 'fd' }] })

test('by address, most connections first, with services, programs and states', () => {
  const peers = peersOf([
    socket(443, '0.0.0.0', 0, { state: 'LISTEN' }),
    socket(443, '10.0.0.9', 5000, by('nginx')),
    socket(443, '10.0.0.9', 5001, { ...by('nginx'), state: 'TIME_WAIT' }),
    socket(40_000, '10.0.0.9', 5432, by('api')),
    socket(40_001, '10.0.0.3', 5432),
  ])
  expect(peers).toEqual([
    {
      address: '10.0.0.9',
      connections: 3,
      states: { ESTABLISHED: 2, TIME_WAIT: 1 },
      services: ['in :443', 'out :5432'],
      programs: ['nginx', 'api'],
      here: undefined,
    },
    {
      address: '10.0.0.3',
      connections: 1,
      states: { ESTABLISHED: 1 },
      services: ['out :5432'],
      programs: [],
      here: undefined,
    },
  ])
})

test('the other end on this machine is named', () => {
  const end = { protocol: 'tcp', inode: '2', state: 'ESTABLISHED', owners: [{ pid: 7, program: 'redis' }] }
  expect(peersOf([socket(4000, '127.0.0.1', 6379, { peer: { kind: 'here', ends: [end] } })])).toMatchObject([
    { here: 'redis (pid 7)' },
  ])
})

test('sockets without another end are nobody’s peer, and no more than a hundred are shown', () => {
  expect(peersOf([socket(80, '0.0.0.0', 0), { protocol: 'unix', inode: '3' } as SocketJson])).toEqual([])
  expect(peersOf(Array.from({ length: 150 }, (_, i) => socket(80, `10.0.1.${i}`, 9)))).toHaveLength(100)
})
