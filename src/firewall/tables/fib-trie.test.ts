import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { parseFibTrie } from './fib-trie.ts'

test('addresses of the machine, each once, and routes to itself', () => {
  expect(parseFibTrie(readFileSync(fixture('firewall/fib_trie')))).toEqual({
    addresses: ['10.7.0.1', '127.0.0.1', '172.18.0.1', '192.0.2.1'],
    prefixes: ['127.0.0.0/8', '198.51.100.0/28'],
  })
})

const LEAF = '     |-- 192.0.2.1\n'

test.each([
  ['a local address', `${LEAF}        /32 host LOCAL\n`, ['192.0.2.1']],
  ['of a type of service', `${LEAF}        /32 host LOCAL tos=16\n`, ['192.0.2.1']],
  ['a broadcast', `${LEAF}        /32 link BROADCAST\n`, []],
  ['a route', `${LEAF}        /32 link UNICAST\n`, []],
  ['two routes of one leaf', `${LEAF}        /24 link UNICAST\n        /32 host LOCAL\n`, ['192.0.2.1']],
  ['a type that only begins so', `${LEAF}        /32 host LOCALE\n`, []],
  ['a route without its leaf', '        /32 host LOCAL\n', []],
])('%s', (_, text, addresses) => {
  expect(parseFibTrie(Buffer.from(text)).addresses).toEqual(addresses)
})
