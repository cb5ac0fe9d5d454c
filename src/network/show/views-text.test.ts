import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createTheme } from '../../terminal/theme.ts'
import { textWidth } from '../../terminal/text-width.ts'
import { openSource } from '../../proc/open-source.ts'
import { NO_NAMES } from '../model.ts'
import { readCounters } from '../read/read-counters.ts'
import { readGroups } from '../read/read-groups.ts'
import { readInterfaces } from '../read/read-interfaces.ts'
import { readRoutes } from '../read/read-routes.ts'
import { parseFullRoutes, parseLinks } from '../tables/ip-json.ts'
import { changesText, rateText } from './changes-text.ts'
import { counterChangesLine, countersDocument } from './counters-json.ts'
import { countersText } from './counters-text.ts'
import { exactCount } from './exact-count.ts'
import { groupsText } from './groups-text.ts'
import { interfacesDocument } from './interfaces-json.ts'
import { interfacesText } from './interfaces-text.ts'
import { routesDocument } from './routes-json.ts'
import { routesText } from './routes-text.ts'
import { fixture } from '../../../test/support/paths.ts'

const source = await openSource(fixture('netstat/views/proc.tar'), undefined)
const printed = (name: string) => readFileSync(fixture(`netstat/views/${name}`), 'latin1')
const ORIGIN = { host: 'zoo', takenAt: undefined, source: 'test' }
const theme = createTheme(false)
const WIDTHS = [40, 80, 120]
const both = { ipv4: true, ipv6: true, littleEndian: true }
const text = (pieces: Iterable<string>) => [...pieces].join('')
const widest = (shown: string) => Math.max(...shown.split('\n').map(textWidth))

const routes = readRoutes(source, both)
const interfaces = readInterfaces(source, parseLinks(printed('ip-address.json')))
const groups = readGroups(source, { ...both, link: true })
const { groups: counters } = readCounters(source)

describe.each(WIDTHS)('at %i columns', width => {
  test.each([
    ['counters', () => text(countersText(counters, { all: true, theme, width }))],
    ['routes', () => text(routesText(routes, NO_NAMES, { ...both, extend: 2, wide: false, theme, width }))],
    [
      'routes of ip(8)',
      () =>
        text(
          routesText({ ...routes, full: parseFullRoutes(printed('ip-route.json')) }, NO_NAMES, {
            ...both,
            extend: 0,
            wide: false,
            theme,
            width,
          }),
        ),
    ],
    ['interfaces', () => text(interfacesText(interfaces, { all: true, extend: false, wide: false, theme, width }))],
    ['groups', () => text(groupsText(groups, NO_NAMES, { theme, width }))],
  ])('%s fit', (_, show) => {
    expect(widest(show())).toBeLessThanOrEqual(width)
  })
})

test('counters: what is not 0, and how many are', () => {
  const shown = text(countersText(counters.slice(0, 1), { all: false, theme, width: 80 }))
  expect(shown).toMatchInlineSnapshot(`
    "Ip: IPv4
    Forwarding       2 whether this host passes packets on for others: 1 yes, 2 no
    DefaultTTL      64 hops a packet may take where no program asks for another
                       number
    InReceives      12 packets that arrived, broken ones included
    InDelivers      10 packets handed on to TCP, UDP, ICMP and others
    OutRequests     14 packets that were made on this host
    OutTransmits    14 packets sent out, passed-on ones and fragments included

    14 more counters are 0 (-a shows them)
    "
  `)
})

test('what moved', () => {
  const changes = [
    { protocol: 'Tcp', name: 'InSegs', delta: 20n, perS: 10 },
    { protocol: 'Tcp', name: 'OutSegs', delta: 0n, perS: 0 },
    { protocol: 'Tcp', name: 'CurrEstab', delta: -3n, perS: undefined },
    { protocol: 'TcpExt', name: 'ListenDrops', delta: undefined, perS: undefined },
  ]
  expect(text(changesText(changes, { time: '2026-01-02T03:04:05.000Z', seconds: 2, theme, width: 80 })))
    .toMatchInlineSnapshot(`
      "2026-01-02T03:04:05.000Z  in 2.0 s 3 of 4 counters moved
      Protocol Counter                  Change    Per s Counts
      Tcp      InSegs                       20     10.0 segments that arrived, broken
                                                        ones included
      Tcp      CurrEstab                    -3        - connections now: ESTABLISHED
                                                        and CLOSE_WAIT
      TcpExt   ListenDrops            set back        - SYNs or finished handshakes a
                                                        listener dropped, for any
                                                        reason (overflows included)

      "
    `)
  const nothing = changesText(changes.slice(1, 2), { time: 't', seconds: 1, theme, width: 80 })
  expect(text(nothing)).toBe('t  in 1.0 s nothing moved\n\n')
  expect(JSON.parse(counterChangesLine('t', 2, changes))).toEqual({
    type: 'changes',
    at: 't',
    seconds: 2,
    changes: [
      { protocol: 'Tcp', name: 'InSegs', delta: 20, perS: 10 },
      { protocol: 'Tcp', name: 'CurrEstab', delta: -3 },
      { protocol: 'TcpExt', name: 'ListenDrops' },
    ],
  })
})

test('routes of IPv4', () => {
  const shown = routesText(routes, NO_NAMES, {
    ...both,
    ipv6: false,
    extend: 1,
    wide: false,
    theme,
    width: Infinity,
  })
  expect(text(shown)).toMatchInlineSnapshot(`
    "Kernel IP routing table
    Destination     Gateway         Genmask         Flags     Metric Ref    Use Iface
    0.0.0.0         192.0.2.254     0.0.0.0         UG             0   0      0 v0
    10.1.0.0        192.0.2.3       255.255.0.0     UG            50   0      0 v0
    10.2.0.0        0.0.0.0         255.255.0.0     U              0   0      0 *
    10.3.0.0        -               255.255.0.0     !              7   -      0 -
    10.4.4.4        192.0.2.4       255.255.255.255 UGH            0   0      0 v0
    10.5.0.0        192.0.2.5       255.255.0.0     UG             0   0      0 v0
    10.7.0.0        0.0.0.0         255.255.0.0     U     4294967295   0      0 v0
    10.8.0.0        0.0.0.0         255.255.255.0   U              0   0      0 tun0
    10.33.3.3       -               255.255.255.255 !H             0   -      0 -
    192.0.2.0       0.0.0.0         255.255.255.0   U              0   0      0 v0
    198.51.100.6    0.0.0.0         255.255.255.255 UH             0   0      0 v1
    203.0.113.0     0.0.0.0         255.255.255.240 U              0   0      0 br0
    "
  `)
})

test('interfaces: what was dropped, and those that are down', () => {
  const shown = text(interfacesText(interfaces, { all: false, extend: false, wide: false, theme, width: Infinity }))
  expect(shown).toContain(
    'br0: TX-DRP 2: packets were dropped before they were sent: no carrier, a full queue, a filter\n',
  )
  expect(shown.endsWith('2 more are down (-a shows them)\n')).toBe(true)
  expect(shown).not.toContain('v10')
})

test('interfaces with -e', () => {
  const shown = text(interfacesText(interfaces, { all: false, extend: true, wide: false, theme, width: 100 }))
  expect(shown).toContain(`v0: UP BROADCAST RUNNING MULTICAST, state up, MTU 1500
  hardware address 02:00:00:00:00:0a, index 3, send queue 1000 packets
  inet 192.0.2.1/24, broadcast 192.0.2.255
`)
})

test('groups with what they are for', () => {
  const shown = text(groupsText(groups, NO_NAMES, { theme, width: 80 }))
  expect(shown).toContain('v0                   2 239.255.255.250        SSDP (UPnP)\n')
})

describe('JSON', () => {
  test('exact beyond 2^53', () => {
    expect([exactCount(2n ** 53n - 1n), exactCount(2n ** 53n), exactCount(-1n)]).toEqual([
      9007199254740991,
      '9007199254740992',
      -1,
    ])
  })

  test('every counter, also those that are 0', () => {
    const { lists } = countersDocument(ORIGIN, counters)
    const all = counters.reduce((sum, group) => sum + group.counters.length, 0)
    expect([...lists!.counters]).toHaveLength(all)
  })

  test('what can be told of the type of a route', () => {
    const kinds = new Map([...routesDocument(ORIGIN, routes).lists!.routes].map(each => [each.destination, each.kind]))
    expect(['10.1.0.0', '10.2.0.0', '10.3.0.0'].map(name => kinds.get(name))).toEqual([
      'route',
      'blackhole-or-throw',
      'unreachable-or-prohibit',
    ])
  })

  test('interfaces with their addresses and details', () => {
    const v0 = [...interfacesDocument(ORIGIN, interfaces).lists!.interfaces].find(({ name }) => name === 'v0')
    expect(v0).toMatchObject({ mtuBytes: 1500, state: 'up', received: { errors: 0 }, details: { rx_crc_errors: 0 } })
    expect(v0!.addresses.map(({ address }) => address)).toContain('192.0.2.77')
  })
})

test.each([
  [0.333, '0.33'],
  [12.34, '12.3'],
  [1234.5, '1235'],
])('the rate %d', (rate, shown) => {
  expect(rateText(rate)).toBe(shown)
})
