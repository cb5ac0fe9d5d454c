import { describe, expect, test } from 'vitest'
import { conditionsOfKey, conditionsOfMatch } from './nft-conditions.ts'
import type { Json } from './nft-values.ts'

const SETS: Record<string, Json[]> = { allowed: [80, { range: [8000, 8010] }, { elem: { val: 443, timeout: 60 } }] }
const findSet = (name: string) => SETS[name]
const payload = (protocol: string, field: string): Json => ({ payload: { protocol, field } })
const match = (left: Json, right: Json, op = '=='): Json => ({ op, left, right })
const one = (left: Json, right: Json, op?: string) => conditionsOfMatch(match(left, right, op), findSet)

const ports = (ranges: number[][], not = false, protocol: string | undefined = 'tcp') => ({
  on: 'destination-port',
  protocol,
  ranges,
  not,
})

describe('a match', () => {
  test.each<[string, Json, Json, string, unknown]>([
    ['a port', payload('tcp', 'dport'), 80, '==', ports([[80, 80]])],
    ['not a port', payload('tcp', 'dport'), 22, '!=', ports([[22, 22]], true)],
    ['a range', payload('tcp', 'dport'), { range: [1, 9] }, '==', ports([[1, 9]])],
    ['below', payload('tcp', 'dport'), 1024, '<', ports([[0, 1023]])],
    ['above', payload('tcp', 'dport'), 1024, '>', ports([[1025, 65_535]])],
    [
      'an anonymous set',
      payload('tcp', 'dport'),
      { set: [80, { range: [100, 200] }] },
      '==',
      ports([
        [80, 80],
        [100, 200],
      ]),
    ],
    [
      'a named set, with elements that expire',
      payload('tcp', 'dport'),
      '@allowed',
      '==',
      ports([
        [80, 80],
        [8000, 8010],
        [443, 443],
      ]),
    ],
    ['any transport', payload('th', 'dport'), 53, '==', { ...ports([[53, 53]]), protocol: undefined }],
    ['an interface', { meta: { key: 'iifname' } }, 'lo', '==', { on: 'in-interface', names: ['lo'], not: false }],
    ['a protocol', { meta: { key: 'l4proto' } }, 'tcp', '!=', { on: 'protocol', protocols: ['tcp'], not: true }],
    ['a protocol by number', payload('ip', 'protocol'), 17, '==', { on: 'protocol', protocols: ['udp'], not: false }],
    ['a family', { meta: { key: 'nfproto' } }, 'ipv6', '==', { on: 'family', family: 6, not: false }],
    [
      'states',
      { ct: { key: 'state' } },
      ['new', 'related'],
      'in',
      { on: 'state', states: ['new', 'related'], not: false },
    ],
    [
      'states as newer nft joins them',
      { ct: { key: 'state' } },
      { '|': ['new', 'related'] },
      'in',
      { on: 'state', states: ['new', 'related'], not: false },
    ],
    ['translated', { ct: { key: 'status' } }, 'dnat', 'in', { on: 'translated', not: false }],
    ['local', { fib: { result: 'type', flags: ['daddr'] } }, 'local', '==', { on: 'local-destination', not: false }],
    [
      'to many machines',
      { fib: { result: 'type', flags: ['daddr'] } },
      { set: ['broadcast', 'multicast'] },
      '==',
      { on: 'never', text: 'fib daddr type broadcast, multicast' },
    ],
    [
      'not local',
      { fib: { result: 'type', flags: ['daddr'] } },
      'unicast',
      '==',
      { on: 'local-destination', not: true },
    ],
    ['a broadcast', { meta: { key: 'pkttype' } }, 'broadcast', '==', { on: 'never', text: 'meta pkttype broadcast' }],
    [
      'no broadcast',
      { meta: { key: 'pkttype' } },
      'broadcast',
      '!=',
      { on: 'other', text: 'meta pkttype != broadcast' },
    ],
    ['a SYN', payload('tcp', 'flags'), 'syn', 'in', { on: 'tcp-flags', mask: ['syn'], flags: ['syn'], not: false }],
    ['a FIN', payload('tcp', 'flags'), 'fin', 'in', { on: 'tcp-flags', mask: ['syn'], flags: [], not: true }],
    [
      'flags under a mask',
      { '&': [payload('tcp', 'flags'), ['fin', 'syn']] },
      'syn',
      '!=',
      { on: 'tcp-flags', mask: ['fin', 'syn'], flags: ['syn'], not: true },
    ],
    ['ICMP', payload('icmp', 'type'), 'echo-request', '==', { on: 'never', text: 'icmp type' }],
    ['a mark', { meta: { key: 'mark' } }, 1, '==', { on: 'other', text: 'meta mark 1' }],
    ['a set that is not there', payload('tcp', 'dport'), '@lost', '==', { on: 'other', text: 'tcp dport @lost' }],
    ['a port that is none', payload('tcp', 'dport'), 65_536, '==', { on: 'other', text: 'tcp dport 65536' }],
    ['another operator', payload('tcp', 'dport'), 1, '^', { on: 'other', text: 'tcp dport ^ 1' }],
    [
      'the way back',
      { fib: { result: 'oif', flags: ['saddr', 'iif'] } },
      false,
      '==',
      { on: 'other', text: 'fib saddr . iif oif missing' },
    ],
    [
      'an address of the wrong family',
      payload('ip', 'saddr'),
      'fe80::1',
      '==',
      { on: 'other', text: 'ip saddr fe80::1' },
    ],
  ])('%s', (_, left, right, op, expected) => {
    expect(one(left, right, op)).toEqual([[expected]])
  })

  test('addresses', () => {
    expect(one(payload('ip', 'saddr'), { prefix: { addr: '10.0.0.0', len: 8 } })).toEqual([
      [{ on: 'source', family: 4, ranges: [{ family: 4, first: 0x0a000000n, last: 0x0affffffn }], not: false }],
    ])
  })

  test('a concatenation is one alternative for each element', () => {
    const left: Json = { concat: [payload('ip', 'saddr'), payload('tcp', 'dport')] }
    const right: Json = { set: [{ concat: ['10.0.0.1', 5] }, { concat: ['10.0.0.2', 6] }] }
    const alternatives = one(left, right)
    expect(alternatives.map(conditions => conditions.map(({ on }) => on))).toEqual([
      ['source', 'destination-port'],
      ['source', 'destination-port'],
    ])
    expect(alternatives[1]![1]).toEqual(ports([[6, 6]]))
    // Not to be one of them is no alternative of theirs.
    expect(one(left, right, '!=').map(conditions => conditions.map(({ on }) => on))).toEqual([['other']])
  })
})

test('a key of a map', () => {
  expect(conditionsOfKey(payload('tcp', 'dport'), 80)).toEqual([ports([[80, 80]])])
  expect(conditionsOfKey(payload('tcp', 'dport'), '*')).toEqual([])
  expect(conditionsOfKey({ numgen: { mod: 2 } }, 0)).toBeUndefined()
})
