import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { isDestinationTranslated, parseNfConntrack } from './nf-conntrack.ts'

test('flows whose destination was changed, of a recorded machine', () => {
  const { flows, bogus } = parseNfConntrack(readFileSync(fixture('firewall/published.nf_conntrack')))
  expect([flows.length, bogus]).toEqual([7, 0])
  const translated = flows.filter(isDestinationTranslated)
  expect(
    translated.map(
      ({ protocol, original, reply }) =>
        `${protocol} ${original.destination}:${original.destinationPort} → ${reply.source}:${reply.sourcePort}`,
    ),
  ).toEqual([
    'tcp 192.0.2.1:8080 → 172.18.0.2:80',
    'tcp 192.0.2.1:9090 → 172.18.0.2:80',
    'tcp 192.0.2.1:15432 → 172.18.0.3:5432',
    'tcp 192.0.2.1:8080 → 172.18.0.2:80',
  ])
  expect(flows[0]).toMatchObject({ protocol: 'unknown', state: undefined, unreplied: true })
  expect(flows[0]!.original.sourcePort).toBeUndefined()
})

test('what conntrack -L prints, which has two columns less', () => {
  const { flows, bogus } = parseNfConntrack(readFileSync(fixture('firewall/conntrack-L')))
  expect([flows.length, bogus]).toEqual([3, 0])
  expect(flows.map(flow => [flow.protocol, flow.state, flow.unreplied, isDestinationTranslated(flow)])).toEqual([
    ['tcp', 'ESTABLISHED', false, true],
    ['udp', undefined, true, true],
    ['tcp', 'CLOSE_WAIT', false, false],
  ])
})

const END = 'src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2'

test.each([
  ['with accounting', `ipv4 2 tcp 6 9 ESTABLISHED ${END} packets=3 bytes=180 ${END} packets=2 bytes=120 mark=0`, 1],
  ['offloaded, without a timeout', `ipv4 2 tcp 6 ${END} ${END} [OFFLOAD] mark=0`, 1],
  ['of IPv6', 'ipv6 10 udp 17 9 src=fd00::1 dst=fd00::2 sport=1 dport=2 src=fd00::2 dst=fd00::1 sport=2 dport=1', 1],
  ['with one end', `ipv4 2 tcp 6 9 ESTABLISHED ${END}`, 0],
  ['with a port that is none', `ipv4 2 tcp 6 9 ESTABLISHED ${END} ${END.replace('sport=1', 'sport=99999')}`, 0],
  ['without a destination', `ipv4 2 tcp 6 9 ESTABLISHED ${END} ${END.replace('dst=10.0.0.2 ', '')}`, 0],
  ['with a third end', `ipv4 2 tcp 6 9 ESTABLISHED ${END} ${END} ${END}`, 0],
  ['of another form', 'nonsense', 0],
])('a line %s', (_, line, count) => {
  const { flows, bogus } = parseNfConntrack(Buffer.from(`${line}\n`))
  expect([flows.length, bogus]).toEqual([count, 1 - count])
})
