import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inetSocket } from '../../../../test/support/health-looks.ts'
import type { InetRow } from '../../tables/inet-row.ts'
import { inetPeers, type InetEnd, type TranslatedFlow } from './inet-peers.ts'

const end = (name: string, local: string, remote: string, netns?: string, table: InetRow['table'] = 'tcp') => {
  const [localAddress, localPort] = split(local)
  const [remoteAddress, remotePort] = split(remote)
  const { row } = inetSocket({ table, localAddress, localPort, remoteAddress, remotePort })
  return { name, row, ...(netns !== undefined && { netns: { netns } }) }
}
function split(text: string): [string, number] {
  const at = text.lastIndexOf(':')
  return [text.slice(0, at), Number(text.slice(at + 1))]
}
const names = (ends: (InetEnd & { name: string })[], options?: Parameters<typeof inetPeers>[1]) => {
  const peers = inetPeers(ends, options)
  return Object.fromEntries(ends.map(one => [one.name, (peers.get(one) ?? []).map(({ name }) => name)]))
}

describe('both ends', () => {
  test.each([
    ['over loopback', [end('a', '127.0.0.1:5', '127.0.0.1:80'), end('b', '127.0.0.1:80', '127.0.0.1:5')]],
    [
      'an IPv4 client of an IPv6 socket',
      [
        end('a', '127.0.0.1:5', '127.0.0.1:80'),
        end('b', '::ffff:127.0.0.1:80', '::ffff:127.0.0.1:5', undefined, 'tcp6'),
      ],
    ],
    ['over veth', [end('a', '10.9.0.1:5', '10.9.0.2:80', 'net:[1]'), end('b', '10.9.0.2:80', '10.9.0.1:5', 'net:[2]')]],
    [
      'the reader’s own namespace by either name',
      [end('a', '127.0.0.1:5', '127.0.0.1:80'), end('b', '127.0.0.1:80', '127.0.0.1:5', 'net:[1]')],
    ],
    [
      'UDP',
      [
        end('a', '127.0.0.1:5', '127.0.0.1:53', undefined, 'udp'),
        end('b', '127.0.0.1:53', '127.0.0.1:5', undefined, 'udp'),
      ],
    ],
  ])('%s', (_, ends) => expect(names(ends, { own: 'net:[1]' })).toEqual({ a: ['b'], b: ['a'] }))

  test('a socket that is connected to itself', () => {
    expect(names([end('a', '127.0.0.1:5', '127.0.0.1:5')])).toEqual({ a: ['a'] })
  })
})

describe('no end', () => {
  test.each([
    ['loopback of another namespace', end('b', '127.0.0.1:80', '127.0.0.1:5', 'net:[2]')],
    ['another port', end('b', '127.0.0.1:81', '127.0.0.1:5', 'net:[1]')],
    ['the same way round', end('b', '127.0.0.1:5', '127.0.0.1:80', 'net:[1]')],
    ['another protocol', end('b', '127.0.0.1:80', '127.0.0.1:5', 'net:[1]', 'udp')],
    ['a listener', end('b', '127.0.0.1:80', '0.0.0.0:0', 'net:[1]')],
  ])('%s', (_, other) => {
    expect(names([end('a', '127.0.0.1:5', '127.0.0.1:80', 'net:[1]'), other])).toEqual({ a: [], b: [] })
  })
})

describe('several', () => {
  test('of two namespaces: candidates', () => {
    const ends = ['net:[2]', 'net:[3]'].map((netns, i) => end(`b${i}`, '10.9.0.2:80', '10.9.0.1:5', netns))
    expect(names([end('a', '10.9.0.1:5', '10.9.0.2:80', 'net:[1]'), ...ends])).toEqual({
      a: ['b0', 'b1'],
      b0: ['a'],
      b1: ['a'],
    })
  })

  test('the one beside it before one elsewhere, which then has none', () => {
    const ends = [
      end('a', '10.9.0.1:5', '10.9.0.1:80', 'net:[1]'),
      end('b', '10.9.0.1:80', '10.9.0.1:5', 'net:[1]'),
      end('c', '10.9.0.1:80', '10.9.0.1:5', 'net:[2]'),
    ]
    expect(names(ends)).toEqual({ a: ['b'], b: ['a'], c: [] })
  })
})

test('through translation', () => {
  const flow: TranslatedFlow = {
    protocol: 'tcp',
    original: { source: '192.0.2.99', sourcePort: 40556, destination: '192.0.2.1', destinationPort: 8080 },
    reply: { source: '172.18.0.2', sourcePort: 80, destination: '192.0.2.99', destinationPort: 40556 },
  }
  const ends = [
    end('a', '192.0.2.99:40556', '192.0.2.1:8080', 'net:[1]'),
    end('b', '172.18.0.2:80', '192.0.2.99:40556', 'net:[2]'),
  ]
  expect(names(ends, { flows: [flow] })).toEqual({ a: ['b'], b: ['a'] })
  expect(names(ends, { flows: [{ ...flow, protocol: 'udp' }] })).toEqual({ a: [], b: [] })
  expect(names(ends)).toEqual({ a: [], b: [] })
})

test('b is a peer of a exactly where a is one of b', () => {
  const address = fc.constantFrom('127.0.0.1', '::ffff:10.9.0.1', '10.9.0.1', '10.9.0.2', '::1')
  const port = fc.integer({ min: 0, max: 3 })
  const place = fc.record({ source: address, sourcePort: port, destination: address, destinationPort: port })
  const ends = fc.array(
    fc.record({
      table: fc.constantFrom('tcp' as const, 'tcp6' as const, 'udp' as const),
      netns: fc.constantFrom(undefined, 'net:[1]', 'net:[2]', 'net:[3]'),
      tuple: place,
    }),
    { maxLength: 12 },
  )
  const flows = fc.array(fc.record({ protocol: fc.constantFrom('tcp', 'udp'), original: place, reply: place }), {
    maxLength: 3,
  })
  fc.assert(
    fc.property(ends, flows, (rows, translations) => {
      const sockets = rows.map(({ table, netns, tuple }) => ({
        ...inetSocket({
          table,
          localAddress: tuple.source,
          localPort: tuple.sourcePort,
          remoteAddress: tuple.destination,
          remotePort: tuple.destinationPort,
        }),
        netns: netns === undefined ? undefined : { netns },
      }))
      const peers = inetPeers(sockets, { flows: translations, own: 'net:[1]' })
      for (const [one, others] of peers) for (const other of others) expect(peers.get(other)).toContain(one)
    }),
  )
})
