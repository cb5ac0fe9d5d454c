import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseFullRoutes, parseLinks, withRunning } from './ip-json.ts'
import { fixture } from '../../../test/support/paths.ts'

const printed = (name: string) => readFileSync(fixture(`netstat/views/${name}`), 'latin1')

describe('routes of ip(8)', () => {
  const routes = parseFullRoutes(printed('ip-route.json'))!
  const of = (destination: string) => routes.find(route => route.destination === destination)

  test.each([
    ['10.2.0.0/16', { type: 'blackhole', table: 'main', nextHops: [] }],
    ['10.3.0.0/16', { type: 'unreachable', metric: 7 }],
    ['10.33.3.3', { type: 'prohibit' }],
    ['10.4.4.4', { mtu: 1300 }],
    ['10.6.0.0/16', { table: '100', family: 'inet' }],
    ['2001:db8:dead::/48', { type: 'blackhole', family: 'inet6' }],
  ])('%s', (destination, facts) => {
    expect(of(destination)).toMatchObject(facts)
  })

  test('every hop of a multipath route', () => {
    expect(of('10.5.0.0/16')!.nextHops).toEqual([
      { gateway: '192.0.2.5', interfaceName: 'v0', weight: 1 },
      { gateway: '192.0.2.6', interfaceName: 'v0', weight: 2 },
    ])
  })

  test('a default route is of the family of its gateway', () => {
    const families = routes.filter(({ destination }) => destination === 'default').map(({ family }) => family)
    expect(families).toEqual(['inet', 'inet6'])
  })
})

test('interfaces of ip(8)', () => {
  const links = parseLinks(printed('ip-address.json'))!
  const v0 = links.find(({ name }) => name === 'v0')!
  expect(v0.facts).toMatchObject({ mtu: 1500, flags: 4163, hardwareType: 1, hardwareAddress: '02:00:00:00:00:0a' })
  expect(v0.addresses.filter(({ family }) => family === 'inet')).toMatchObject([
    { address: '192.0.2.1', prefixLength: 24, broadcast: '192.0.2.255', label: 'v0' },
    { address: '192.0.2.77', label: 'v0:1', broadcast: undefined },
  ])
  expect(links.find(({ name }) => name === 'v1')!.addresses[0]).toMatchObject({ peer: '198.51.100.6' })
})

test.each(['', 'not JSON', '{"no": "list"}', 'null'])('%j is no answer', text => {
  expect([parseFullRoutes(text), parseLinks(text)]).toEqual([undefined, undefined])
})

test.each([
  ['up and working', 0x1043, 'up', 0x1043],
  ['up, state not known', 0x9, 'unknown', 0x49],
  ['up without carrier', 0x1043, 'down', 0x1003],
  ['down', 0x1002, 'up', 0x1002],
])('RUNNING of an interface that is %s', (_, flags, state, shown) => {
  expect(withRunning(flags, state)).toBe(shown)
})
