import { describe, expect, test } from 'vitest'
import { actionsOf, targetAction } from './nft-actions.ts'
import type { Json } from './nft-values.ts'

const DPORT: Json = { payload: { protocol: 'tcp', field: 'dport' } }
const on = (port: number) => ({ on: 'destination-port', protocol: 'tcp', ranges: [[port, port]], not: false })
const to = (address: string | undefined, port?: number) => ({
  kind: 'translate',
  to: { address, ports: port === undefined ? undefined : [port, port] },
})
const actions = (kind: string, value: Json, sets: Record<string, Json[]> = {}) =>
  actionsOf(kind, value, name => sets[name])

describe('statements', () => {
  test.each<[string, Json, unknown]>([
    ['accept', null, { kind: 'accept' }],
    ['drop', null, { kind: 'drop' }],
    ['reject', { type: 'tcp reset' }, { kind: 'reject' }],
    ['return', null, { kind: 'return' }],
    ['counter', { packets: 1 }, { kind: 'next' }],
    ['log', { prefix: 'x' }, { kind: 'next' }],
    ['mangle', {}, { kind: 'next' }],
    ['jump', { target: 'a' }, { kind: 'jump', chain: 'a' }],
    ['goto', { target: 'a' }, { kind: 'goto', chain: 'a' }],
    ['masquerade', null, { kind: 'accept' }],
    ['queue', { num: 3 }, { kind: 'other', text: 'queue' }],
    ['redirect', { port: 80 }, to('self', 80)],
    ['redirect', null, to('self')],
    ['dnat', { addr: '10.0.0.3' }, to('10.0.0.3')],
    ['dnat', { addr: 'fd00::2', port: 80 }, to('fd00::2', 80)],
    ['dnat', { addr: { range: ['10.0.0.3', '10.0.0.5'] } }, to('10.0.0.3')],
    [
      'dnat',
      { addr: '10.0.0.3', port: { range: [1, 2] } },
      { kind: 'translate', to: { address: '10.0.0.3', ports: [1, 2] } },
    ],
  ])('%s %j', (kind, value, action) => {
    expect(actions(kind, value)).toEqual([{ conditions: [], action }])
  })

  test('what is no action is a condition', () => {
    expect(actions('limit', { rate: 5 })).toBeUndefined()
    expect(actions('match', {})).toBeUndefined()
  })
})

describe('maps', () => {
  test('verdicts: a case for each key, the rest last', () => {
    const data: Json = {
      set: [
        ['*', { drop: null }],
        [22, { accept: null }],
        [25, { jump: { target: 'mail' } }],
      ],
    }
    expect(actions('vmap', { key: DPORT, data })).toEqual([
      { conditions: [on(22)], action: { kind: 'accept' } },
      { conditions: [on(25)], action: { kind: 'jump', chain: 'mail' } },
      { conditions: [], action: { kind: 'drop' } },
    ])
  })

  test('destinations with and without a port', () => {
    const map = (data: Json): Json => ({ addr: { map: { key: DPORT, data } } })
    expect(actions('dnat', map({ set: [[9000, '10.0.0.1']] }))).toEqual([
      { conditions: [on(9000)], action: to('10.0.0.1') },
    ])
    expect(actions('dnat', map('@pub'), { pub: [[9100, { concat: ['10.0.0.1', 91] }]] })).toEqual([
      { conditions: [on(9100)], action: to('10.0.0.1', 91) },
    ])
    expect(actions('redirect', { port: { map: { key: DPORT, data: { set: [[80, 8080]] } } } })).toEqual([
      { conditions: [on(80)], action: to('self', 8080) },
    ])
  })

  test('a key that cannot be told holds perhaps', () => {
    const key: Json = { numgen: { mode: 'random', mod: 2, offset: 0 } }
    const [first] = actions('dnat', { addr: { map: { key, data: { set: [[0, '10.0.0.1']] } } } })!
    expect(first).toMatchObject({ conditions: [{ on: 'other' }], action: to('10.0.0.1') })
  })

  test('a map that is not there says so', () => {
    expect(actions('vmap', { key: DPORT, data: '@lost' })).toEqual([
      {
        conditions: [{ on: 'other', text: 'tcp dport map @lost' }],
        action: { kind: 'other', text: 'tcp dport map @lost' },
      },
    ])
  })
})

test.each([
  ['ACCEPT', { kind: 'accept' }],
  ['LOG', { kind: 'next' }],
  ['DNAT', to(undefined)],
  ['REDIRECT', to('self')],
  ['NFQUEUE', { kind: 'other', text: 'NFQUEUE' }],
  ['DOCKER', undefined],
  ['accept', undefined],
])('the target %s', (name, action) => {
  expect(targetAction(name)).toEqual(action)
})
