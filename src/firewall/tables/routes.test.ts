import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { interfaceTo, parseIpv6Routes, parseRoutes } from './routes.ts'

const routes = [
  ...parseRoutes(readFileSync(fixture('firewall/route')), true),
  ...parseIpv6Routes(readFileSync(fixture('firewall/ipv6_route'))),
]

test.each([
  ['172.18.0.2', 'br0'],
  ['192.0.2.77', 'v0'],
  ['8.8.8.8', 'v0'],
  ['fd00::2', 'v0'],
  ['2001:db8::9', 'v0'],
  // The only route to everywhere is one that rejects.
  ['2001:db8:1::1', undefined],
  ['nowhere', undefined],
])('a packet to %s leaves through %s', (address, name) => {
  expect(interfaceTo(routes, address)).toBe(name)
})

const HEADER = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n'
const row = (name: string, destination: string, mask: string, metric = 0, flags = '0001') =>
  `${name}\t${destination}\t00000000\t${flags}\t0\t0\t${metric}\t${mask}\t0\t0\t0\n`

test('of equal prefixes the lower metric, of all the longer prefix', () => {
  const parsed = parseRoutes(
    Buffer.from(
      HEADER +
        row('slow', '0000000A', '000000FF', 200) +
        row('fast', '0000000A', '000000FF', 100) +
        row('near', '0000010A', '0000FFFF', 900) +
        row('down', '0000020A', '0000FFFF', 0, '0000'),
    ),
    true,
  )
  expect(['10.9.0.1', '10.1.0.1', '10.2.0.1', '11.0.0.1'].map(to => interfaceTo(parsed, to))).toEqual([
    'fast',
    'near',
    'fast',
    undefined,
  ])
})

test('the byte order is that of the machine', () => {
  const parsed = parseRoutes(Buffer.from(HEADER + row('eth0', '0A000000', 'FF000000')), false)
  expect(interfaceTo(parsed, '10.1.1.1')).toBe('eth0')
})
