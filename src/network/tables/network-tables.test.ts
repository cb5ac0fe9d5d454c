import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDeviceCounters } from './device-counters.ts'
import { parseDeviceGroups, parseIgmp, parseIgmp6 } from './group-memberships.ts'
import { parseIpv6Addresses } from './interface-addresses.ts'
import { parseIpv4Routes } from './ipv4-routes.ts'
import { parseIpv6Routes } from './ipv6-routes.ts'
import { parseSctpSnmp } from './sctp-snmp.ts'
import { parseSnmp6 } from './snmp6.ts'
import { fixture } from '../../../test/support/paths.ts'

const captured = (name: string) => readFileSync(fixture(`netstat/route/proc_net_${name}`))
const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('net/route', () => {
  const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n'
  const row = (fields: Partial<Record<'iface' | 'gateway' | 'mask' | 'metric', string>> = {}) => {
    const { iface = 'eth0', gateway = '010200C0', mask = '00FFFFFF', metric = '7' } = fields
    return `${header}${iface}\t000200C0\t${gateway}\t0003\t0\t0\t${metric}\t${mask}\t1440\t1000\t50   \n`
  }

  test('a row', () => {
    expect(parseIpv4Routes(bytes(row()), true).rows).toEqual([
      {
        family: 'inet',
        destination: '192.0.2.0',
        prefixLength: 24,
        mask: '255.255.255.0',
        gateway: '192.0.2.1',
        interfaceName: 'eth0',
        flags: 3,
        refCount: 0,
        useCount: 0,
        metric: 7,
        mtu: 1440,
        windowBytes: 1000,
        irtt: 50,
      },
    ])
  })

  test('of a big-endian machine', () => {
    const text = row({ gateway: 'C0000201', mask: 'FFFFFF00' }).replace('000200C0', 'C0000200')
    expect(parseIpv4Routes(bytes(text), false).rows[0]).toMatchObject({ destination: '192.0.2.0', prefixLength: 24 })
  })

  test.each([
    ['no mask', '00000000', 0],
    ['a host', 'FFFFFFFF', 32],
    ['a mask with holes', 'FF00FFFF', undefined],
  ])('%s', (_, mask, prefixLength) => {
    expect(parseIpv4Routes(bytes(row({ mask })), true).rows[0]?.prefixLength).toBe(prefixLength)
  })

  test('the largest metric is printed with a sign and has none', () => {
    expect(parseIpv4Routes(bytes(row({ metric: '-1' })), true).rows[0]?.metric).toBe(4_294_967_295)
  })

  test('a line that is no row is told', () => {
    expect(parseIpv4Routes(bytes(row({ gateway: '0102' })), true)).toMatchObject({
      rows: [],
      bogus: [{ file: 'net/route', line: 2 }],
    })
  })
})

describe('net/ipv6_route', () => {
  test('every captured row', () => {
    const { rows, bogus } = parseIpv6Routes(captured('ipv6_route'))
    expect([rows.length, bogus]).toEqual([9, []])
    expect(rows[0]).toMatchObject({ destination: 'fe80::', prefixLength: 64, metric: 256, interfaceName: 'v1' })
    expect(rows[2]).toMatchObject({ destination: '::', metric: 0xffffffff, flags: 0x200200 })
  })

  test('the line of what is no row', () => {
    const text = captured('ipv6_route').toString('latin1').replace(/ 40 /, ' 4 ')
    expect(parseIpv6Routes(bytes(text)).bogus).toMatchObject([{ file: 'net/ipv6_route', line: 1 }])
  })
})

describe('net/dev', () => {
  test('columns by their names', () => {
    const { rows } = parseDeviceCounters(captured('dev'))
    expect(rows.map(({ name }) => name)).toEqual(['lo', 'v1', 'v0'])
    expect(rows[1]).toMatchObject({ rx: { bytes: 1664n, packets: 32n, drop: 0n }, tx: { bytes: 656n, colls: 0n } })
  })

  test('columns in another order, and one that is not there', () => {
    const text = 'Inter-| Receive | Transmit\n face |packets bytes|bytes drop\n eth0:1 2 18446744073709551615 4\n'
    expect(parseDeviceCounters(bytes(text)).rows[0]).toMatchObject({
      name: 'eth0',
      rx: { packets: 1n, bytes: 2n, drop: undefined },
      tx: { bytes: 2n ** 64n - 1n, drop: 4n },
    })
  })

  test.each([
    ['a value too few', 'x|y\n f |bytes|bytes\n eth0: 1\n'],
    ['a value too many', 'x|y\n f |bytes|bytes\n eth0: 1 2 3\n'],
    ['a word among the values', 'x|y\n f |bytes|bytes\n eth0: 1 x\n'],
  ])('%s', (_, text) => {
    expect(parseDeviceCounters(bytes(text))).toMatchObject({ rows: [], bogus: [{ line: 3 }] })
  })
})

describe('groups', () => {
  test('IPv4', () => {
    const { rows, bogus } = parseIgmp(captured('igmp'), true)
    expect(bogus).toEqual([])
    expect(rows).toEqual(
      ['lo', 'v1', 'v0'].map(interfaceName => ({ family: 'inet', interfaceName, group: '224.0.0.1', users: 1 })),
    )
  })

  test('a group without an interface is no row', () => {
    expect(parseIgmp(bytes('Idx\n\t\t\t\t010000E0     1 0:00000000\t\t0\n'), true).bogus).toMatchObject([{ line: 2 }])
  })

  test('IPv6', () => {
    expect(parseIgmp6(captured('igmp6')).rows.at(-1)).toEqual({
      family: 'inet6',
      interfaceName: 'v0',
      group: 'ff01::1',
      users: 1,
    })
    expect(parseIgmp6(bytes('1 lo ff02 1 0000000C 0\n')).bogus).toMatchObject([{ file: 'net/igmp6', line: 1 }])
  })

  test('hardware addresses', () => {
    expect(parseDeviceGroups(bytes('4    eth0            1     0     01005e000001\n')).rows).toEqual([
      { family: 'link', interfaceName: 'eth0', group: '01:00:5e:00:00:01', users: 1 },
    ])
    expect(parseDeviceGroups(bytes('4    eth0            1     0     zz\n')).bogus).toHaveLength(1)
  })
})

test('addresses of net/if_inet6 by interface', () => {
  const addresses = parseIpv6Addresses(captured('if_inet6'))
  expect([...addresses.keys()]).toEqual(['v0', 'lo', 'v1'])
  expect(addresses.get('lo')).toEqual([{ family: 'inet6', address: '::1', prefixLength: 128, scope: 0x10 }])
  expect(parseIpv6Addresses(bytes('fe80 03 40 20 80 v0\n')).size).toBe(0)
})

test('net/snmp6: protocols by the names, whole names kept, the index of an interface left out', () => {
  const counters = parseSnmp6(bytes('ifIndex \t4\nIp6InReceives \t2\nUdpLite6NoPorts\t7\nUdp6NoPorts\t1\nIp6Bad\tx\n'))
  expect([...counters].map(([protocol, own]) => [protocol, [...own]])).toEqual([
    ['Ip6', [['Ip6InReceives', 2n]]],
    ['UdpLite6', [['UdpLite6NoPorts', 7n]]],
    ['Udp6', [['Udp6NoPorts', 1n]]],
  ])
})

test('net/sctp/snmp', () => {
  expect([...parseSctpSnmp(bytes('SctpCurrEstab \t3\n')).get('Sctp')!]).toEqual([['SctpCurrEstab', 3n]])
  expect(parseSctpSnmp(bytes('')).size).toBe(0)
})

test('no input makes a parser throw', () => {
  const parsers = [
    (input: Buffer) => parseIpv4Routes(input, true),
    parseIpv6Routes,
    parseDeviceCounters,
    (input: Buffer) => parseIgmp(input, true),
    parseIgmp6,
    parseDeviceGroups,
    parseIpv6Addresses,
    parseSnmp6,
  ]
  const files = ['route', 'ipv6_route', 'dev', 'igmp', 'igmp6', 'if_inet6'].map(captured)
  const damaged = fc
    .tuple(fc.constantFrom(...files), fc.nat(), fc.uint8Array({ maxLength: 8 }))
    .map(([file, at, noise]) =>
      Buffer.concat([file.subarray(0, at % file.length), noise, file.subarray(at % file.length)]),
    )
  fc.assert(fc.property(damaged, input => parsers.forEach(parse => parse(input))))
})
