import { describe, expect, test } from 'vitest'
import { procOf, TCP_HEADER } from '../../../test/support/fake-proc.ts'
import { networkNamespaces } from '../../namespaces/network-namespaces.ts'
import type { InetRow } from '../tables/inet-row.ts'
import { findAnswers, listenerAt, localAddresses, Namespaces } from './find-answers.ts'
import type { Publication } from './rules/published-ports.ts'

const fib = (...addresses: string[]) =>
  `Main:\n${addresses.map(address => `        |-- ${address}\n           /32 host LOCAL\n`).join('')}`
const listen = (port: number, inode: number) =>
  `   0: 00000000:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 00000000aa 100 0 0 10 0\n`

/** Two namespaces beside the own one; both have 10.0.2.100, as those of slirp have. */
const source = procOf({
  files: {
    'net/fib_trie': fib('127.0.0.1', '192.0.2.1'),
    'net/if_inet6':
      '20010db8000000000000000000000005 04 40 00 80       v0\n20010db8000000000000000000000005 05 40 00 80       v1\n',
    '10/stat': '10 (init) S 0',
    '20/stat': '20 (nginx) S 10 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 200',
    '20/net/fib_trie': fib('127.0.0.1', '172.18.0.2', '10.0.2.100'),
    '20/net/tcp': TCP_HEADER + listen(80, 77),
    '30/stat': '30 (db) S 11 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 300',
    '30/net/fib_trie': fib('127.0.0.1', '172.18.0.3', '10.0.2.100'),
    '30/net/tcp': TCP_HEADER + listen(5432, 88) + listen(5433, 89),
  },
  links: {
    'self/ns/net': 'net:[1]',
    '10/ns/net': 'net:[1]',
    '20/ns/net': 'net:[2]',
    '30/ns/net': 'net:[3]',
    '20/fd/3': 'socket:[77]',
  },
  meta: { netns: 'net:[1]' },
})
const namespaces = new Namespaces(source, networkNamespaces(source).namespaces, undefined)

const port = (facts: Partial<Publication>): Publication => ({
  protocol: 'tcp',
  family: 4,
  address: undefined,
  ports: [8080, 8080],
  inodes: [],
  evidence: [],
  to: {},
  answers: [],
  ...facts,
})
const answers = (facts: Partial<Publication>) => {
  const one = port(facts)
  findAnswers([one], namespaces)
  return one.answers.map(({ namespace, listener }) => `${namespace.netns} ${listener?.inode ?? '-'}`)
}
const into = (forwarding: NonNullable<Publication['into']>['forwarding']) => ({ into: { owner: 10, forwarding } })

describe('who answers', () => {
  test.each<[string, Partial<Publication>, string[]]>([
    ['an address of one namespace', { to: { address: '172.18.0.2', port: 80 } }, ['net:[2] 77']],
    ['where nothing listens on the port', { to: { address: '172.18.0.2', port: 81 } }, ['net:[2] -']],
    ['an address of two', { to: { address: '10.0.2.100', port: 80 } }, ['net:[2] 77', 'net:[3] -']],
    ['an address of none', { to: { address: '10.9.9.9', port: 80 } }, []],
    ['an own address', { to: { address: '192.0.2.1', port: 80 } }, []],
    ['loopback is that of the machine', { to: { address: '127.0.0.1', port: 80 } }, ['net:[1] -']],
    ['a unix socket', { to: { path: '/run/x' } }, []],
    ['as another machine sees it', { to: { address: '172.18.0.2', port: 80, through: 'x' } }, []],
    [
      'the namespace of a process',
      { to: { port: 80 }, ...into({ kind: 'namespace', program: 'pasta', pid: 20, port: 80 }) },
      ['net:[2] 77'],
    ],
    [
      'by its link',
      { to: { port: 80 }, ...into({ kind: 'namespace', program: 'pasta', path: '/proc/20/ns/net', port: 80 }) },
      ['net:[2] 77'],
    ],
    ['of a child, whose only listener it is', into({ kind: 'child', program: 'rootlessport' }), ['net:[2] 77']],
    ['a range', { ports: [5400, 5401], to: { address: '172.18.0.3', port: 5432 } }, ['net:[3] 88', 'net:[3] 89']],
    [
      'of several ports the same one',
      { ports: [5433, 5433], to: {}, ...into({ kind: 'namespace', program: 'slirp4netns', pid: 30, port: undefined }) },
      ['net:[3] 89'],
    ],
    [
      'of several ports none',
      { to: {}, ...into({ kind: 'namespace', program: 'slirp4netns', pid: 30, port: undefined }) },
      ['net:[3] -'],
    ],
  ])('%s', (_, facts, expected) => {
    expect(answers(facts)).toEqual(expected)
  })
})

test('own addresses, each once', () => {
  expect(localAddresses(source)).toEqual(['127.0.0.1', '192.0.2.1', '2001:db8::5'])
})

test('a listener on the very address comes before one on any', () => {
  const row = (localAddress: string, inode: string) => ({ localAddress, localPort: 80, inode }) as InetRow
  const rows = [row('::', '6'), row('0.0.0.0', '4'), row('10.0.0.1', '1'), row('::ffff:10.0.0.2', '2')]
  const at = (address: string | undefined, port = 80) => listenerAt(rows, address, port)?.inode
  expect([at('10.0.0.1'), at('10.0.0.2'), at('10.0.0.3'), at('fd00::1'), at(undefined), at('10.0.0.1', 81)]).toEqual([
    '1',
    '2',
    '4',
    '6',
    '6',
    undefined,
  ])
  expect(listenerAt([row('::', '6')], '10.0.0.1', 80)?.inode).toBe('6')
})
