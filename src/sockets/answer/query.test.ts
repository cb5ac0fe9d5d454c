import { describe, expect, test } from 'vitest'
import { planAnswer, type SocketQuery } from './query.ts'

describe('which tables are read', () => {
  test.each<[what: string, query: SocketQuery, tables: string]>([
    ['netstat’s', {}, 'tcp tcp6 sctp udp udp6 udplite udplite6 raw raw6 icmp icmp6 unix'],
    ['of some protocols', { protocols: ['udp', 'packet'] }, 'udp udp6 packet'],
    ['of one version of IP', { family: 'ipv6', protocols: ['tcp'] }, 'tcp6'],
    ['with a port only those that have ports', { protocols: ['tcp', 'unix', 'netlink'], port: 80 }, 'tcp tcp6'],
    ['a filter leaves those that it can select', { filter: 'src unix:*' }, 'unix'],
  ])('%s', (_, query, tables) => expect(planAnswer(query).request.tables.join(' ')).toBe(tables))
})

describe('which sockets are shown', () => {
  test.each<[listening: boolean | undefined, selection: object]>([
    [undefined, { all: true, listening: false }],
    [true, { all: false, listening: true }],
    [false, { all: false, listening: false }],
  ])('listening: %s', (listening, selection) =>
    expect(planAnswer({ listening }).request.selection).toMatchObject(selection),
  )
})

describe('what is read besides', () => {
  test.each<[query: SocketQuery, request: object]>([
    [{}, { owners: 'full', facts: 'memory', factsAsked: false, listUnlisted: false, skipReferences: false }],
    [{ owners: false }, { owners: undefined }],
    [{ owners: false, filter: 'program = nginx' }, { owners: 'name' }],
    [{ tcpInfo: true }, { facts: 'all', factsAsked: true }],
    [{ filter: 'rtt > 5ms' }, { facts: 'all', factsAsked: false }],
    [{ allNamespaces: true }, { skipReferences: true }],
    [{ unlisted: true }, { listUnlisted: true }],
  ])('%j', (query, request) => expect(planAnswer(query).request).toMatchObject(request))

  test.each<[query: SocketQuery, published: boolean]>([
    [{}, false],
    [{ port: 80 }, true],
    [{ netns: 'blue' }, true],
    [{ allNamespaces: true }, true],
  ])('published ports of %j: %s', (query, published) => expect(planAnswer(query).published).toBe(published))

  test.each<[query: SocketQuery, asked: string]>([
    [{}, 'tcp unix'],
    [{ protocols: ['sctp', 'udplite'] }, 'sctp udplite udplite6'],
  ])('absent tables of %j are told: %s', (query, asked) => expect([...planAnswer(query).asked].join(' ')).toBe(asked))
})

test.each<[query: SocketQuery, message: string]>([
  [{ port: 65_536 }, '65536 is no port'],
  [{ port: [80, 1.5] }, '1.5 is no port'],
  [{ protocols: ['ipx' as 'tcp'] }, 'there is no protocol ipx'],
  [{ netns: 'blue', allNamespaces: true }, 'netns and allNamespaces exclude each other'],
  [{ filter: 'state nosuch' }, 'nosuch'],
])('%j is refused', (query, message) => expect(() => planAnswer(query)).toThrow(message))
