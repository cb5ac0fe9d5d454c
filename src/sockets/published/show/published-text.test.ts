import { describe, expect, test } from 'vitest'
import type { Owner } from '../../../processes/owner.ts'
import type { PublishedAnswer, PublishedPort } from '../published-port.ts'
import { evidenceText, publishedPlace, publishingText, targetText } from './published-text.ts'

const owner = (pid: number, program: string, ...inside: number[]): Owner => ({
  process: { pid, args: [program, '-x'], namespacePids: [pid, ...inside] },
  heldBy: 'fd',
  fds: [3],
})
const answer = (label: string, ...owners: Owner[]): PublishedAnswer => ({
  namespace: { netns: `net:[${label}]`, label },
  listener: { inode: '1', address: '0.0.0.0', port: 80, owners },
})
const port = (facts: Partial<PublishedPort>): PublishedPort => ({
  protocol: 'tcp',
  family: 4,
  address: undefined,
  ports: [8080, 8080],
  inodes: [],
  evidence: [{ kind: 'rule', by: 'nft' }],
  to: { address: '172.18.0.2', port: 80 },
  answers: [answer('web', owner(36, 'nginx', 1))],
  ...facts,
})

describe('where it leads', () => {
  const nobody: PublishedAnswer = { namespace: { netns: 'net:[2]', label: 'web' }, listener: undefined }
  test.each<[string, Partial<PublishedPort>, string]>([
    ['a container', {}, '172.18.0.2:80, nginx pid 36 (pid 1 inside) in web'],
    ['without an inner pid', { answers: [answer('web', owner(36, 'nginx'))] }, '172.18.0.2:80, nginx pid 36 in web'],
    [
      'two owners',
      { answers: [answer('web', owner(36, 'nginx'), owner(37, 'nginx'))] },
      '172.18.0.2:80, nginx pid 36, nginx pid 37 in web',
    ],
    ['nobody listens', { answers: [nobody] }, '172.18.0.2:80, nobody listening on it in web'],
    ['no namespace', { answers: [] }, '172.18.0.2:80, an address of no namespace seen here'],
    [
      'two namespaces',
      { answers: [answer('a', owner(1, 'x')), answer('b', owner(2, 'y'))] },
      '172.18.0.2:80 is in 2 namespaces: x pid 1 in a or y pid 2 in b',
    ],
    [
      'owners that cannot be seen',
      { answers: [answer('web')] },
      '172.18.0.2:80, listener without a visible owner in web',
    ],
    ['IPv6', { to: { address: 'fd00::2', port: 80 } }, '[fd00::2]:80, nginx pid 36 (pid 1 inside) in web'],
    [
      'a range',
      { ports: [8000, 8010], to: { address: '172.18.0.2', port: 80 } },
      '172.18.0.2:80-90, nginx pid 36 (pid 1 inside) in web',
    ],
    ['this machine', { to: { isSelf: true, port: 81 } }, 'port 81, nginx pid 36 (pid 1 inside)'],
    [
      'this machine, where nobody listens',
      { to: { isSelf: true, port: 81 }, answers: [nobody] },
      'port 81, where nothing listens',
    ],
    ['a port that is not told', { to: {} }, 'a port that is not told, nginx pid 36 (pid 1 inside) in web'],
    ['a unix socket', { to: { path: '/run/a b' } }, "'/run/a b'"],
    ['another machine', { to: { address: 'db', port: 5432, through: 'me@bastion' } }, 'db:5432 as me@bastion sees it'],
    [
      'a proxy',
      { to: { unfollowed: 'proxy: cannot be followed, see its connections' } },
      'proxy: cannot be followed, see its connections (nft)',
    ],
    [
      'hostile words',
      { to: { address: '\x1b[31m', port: 1 }, answers: [] },
      '\\x1b[31m:1, an address of no namespace seen here',
    ],
  ])('%s', (_, facts, text) => {
    expect(targetText(port(facts))).toBe(text)
  })
})

test('both directions of a socket', () => {
  const from = port({
    evidence: [
      { kind: 'proxy', by: 'docker-proxy', pid: 41 },
      { kind: 'flow', by: 'conntrack' },
    ],
  })
  expect(publishingText({ to: [port({})], from: [] })).toBe('→ 172.18.0.2:80, nginx pid 36 (pid 1 inside) in web')
  expect(publishingText({ to: [], from: [from, port({ ports: undefined })] })).toBe(
    '← *:8080 by docker-proxy pid 41, a flow seen; ← *:* by nft',
  )
  const proxy = port({ to: { unfollowed: 'proxy: cannot be followed, see its connections' } })
  expect(publishingText({ to: [proxy], from: [] })).toBe('proxy: cannot be followed, see its connections (nft)')
})

test.each<[Partial<PublishedPort>, string]>([
  [{}, '*:8080'],
  [{ address: '192.0.2.1', ports: [1, 9] }, '192.0.2.1:1-9'],
  [{ address: '2001:db8::1' }, '[2001:db8::1]:8080'],
])('%j is published at %s', (facts, text) => {
  expect(publishedPlace(port(facts))).toBe(text)
})

test('evidence of one kind is said once', () => {
  const rule = { kind: 'rule', by: 'nft' } as const
  expect(evidenceText(port({ evidence: [rule, { ...rule, where: 'elsewhere' }] }))).toBe('nft')
})
