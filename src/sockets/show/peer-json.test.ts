import { describe, expect, test } from 'vitest'
import { inetSocket, listener } from '../../../test/support/health-looks.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { NetworkNamespace } from '../../namespaces/model.ts'
import type { Socket, SocketPeer } from '../model.ts'
import { peerText } from './cell-text.ts'
import { peerJson } from './peer-json.ts'

const app = inetSocket({ pid: 7, program: 'a b\x1b', inode: '70', localPort: 81 })
const place = (name: string, isOwn = false) => ({
  netns: name,
  label: `${name} x`,
  namespace: { name, isOwn, label: `${name} x` } as NetworkNamespace,
})
const shown = (peer: SocketPeer | undefined, netns?: Socket['netns']) => peerText({ ...inetSocket({}), peer, netns })
const connected = (...ends: Socket[]): SocketPeer => ({ kind: 'connected', ends })

describe('the column', () => {
  test.each<[string, SocketPeer | undefined]>([
    ['-', undefined],
    ['-', { kind: 'not-here', ends: [] }],
    ['?', { kind: 'not-known', ends: [] }],
    ["7/'a b\\x1b'", connected(app)],
    ['- TIME_WAIT', connected(inetSocket({ state: TCP_STATE.timeWait, inode: '0' }))],
    ['7/app (not accepted)', { kind: 'not-accepted', ends: [], listeners: [listener()] }],
    ['1/app or 2/app', { kind: 'ambiguous', ends: [1, 2].map(pid => inetSocket({ pid })) }],
    ['1/app,2/app,3/app +2', { kind: 'one-way', ends: [1, 2, 3, 4, 5].map(pid => inetSocket({ pid })) }],
    ['1/app', { kind: 'one-way', ends: [inetSocket({ pid: 1 }), inetSocket({ pid: 1 })] }],
  ])('%s', (text, peer) => expect(shown(peer)).toBe(text))

  test.each([
    [undefined, place('net:[2]'), "1/app ('net:[2] x')"],
    [undefined, place('net:[1]', true), '1/app'],
    [place('net:[2]'), place('net:[2]'), '1/app'],
    [place('net:[2]'), place('net:[1]', true), "1/app ('net:[1] x')"],
  ])('the namespace is named where it is another one: %#', (own, other, text) => {
    expect(shown(connected({ ...inetSocket({ pid: 1 }), netns: other }), own)).toBe(text)
  })
})

test('JSON', () => {
  expect(peerJson({ kind: 'connected', ends: [app], translated: true })).toEqual({
    kind: 'connected',
    translated: true,
    listeners: undefined,
    ends: [
      {
        protocol: 'tcp',
        inode: '70',
        state: 'ESTABLISHED',
        localAddress: '127.0.0.1',
        localPort: 81,
        owners: [{ pid: 7, program: 'a b\\x1b' }],
      },
    ],
  })
})
