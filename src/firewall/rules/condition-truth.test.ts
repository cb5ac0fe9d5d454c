import { expect, test } from 'vitest'
import type { Condition } from '../model.ts'
import { addressNumber, parseAddressRange } from '../tables/address-range.ts'
import { truthOf, type Packet, type Truth } from './condition-truth.ts'

const PACKET: Packet = {
  family: 4,
  protocol: 'tcp',
  destination: addressNumber('192.0.2.1')!,
  port: 80,
  inInterface: undefined,
  outInterface: undefined,
  isLocal: true,
  isTranslated: false,
}
const range = (text: string) => [parseAddressRange(text)!]
const address = (on: 'source' | 'destination', text: string, not = false): Condition => ({
  on,
  family: text.includes(':') ? 6 : 4,
  ranges: range(text),
  not,
})
const port = (ranges: [number, number][], not = false, protocol: string | undefined = 'tcp'): Condition => ({
  on: 'destination-port',
  protocol,
  ranges,
  not,
})
const through = (names: string[], not = false): Condition => ({ on: 'in-interface', names, not })
const flags = (mask: string[], set: string[], not = false): Condition => ({ on: 'tcp-flags', mask, flags: set, not })

test.each<[string, Condition, Partial<Packet>, Truth]>([
  ['its port', port([[80, 80]]), {}, 'yes'],
  ['another port', port([[81, 90]]), {}, 'no'],
  ['not another port', port([[22, 22]], true), {}, 'yes'],
  ['not a port of another protocol', port([[22, 22]], true, 'udp'), {}, 'no'],
  ['a port of any protocol', port([[80, 80]], false, undefined), {}, 'yes'],
  ['every source port', { on: 'source-port', protocol: 'tcp', ranges: [[0, 65_535]], not: false }, {}, 'yes'],
  ['some source port', { on: 'source-port', protocol: 'tcp', ranges: [[1024, 65_535]], not: false }, {}, 'perhaps'],
  ['its protocol', { on: 'protocol', protocols: ['tcp', 'udp'], not: false }, {}, 'yes'],
  ['ICMP', { on: 'protocol', protocols: ['icmp'], not: false }, {}, 'no'],
  ['its family', { on: 'family', family: 4, not: false }, {}, 'yes'],
  ['loopback', through(['lo']), {}, 'no'],
  ['not loopback', through(['lo'], true), {}, 'yes'],
  ['an interface, its own not known', through(['eth0']), {}, 'perhaps'],
  ['its interface', through(['eth0']), { inInterface: 'eth0' }, 'yes'],
  ['a beginning of its name', through(['lo', 'eth*']), { inInterface: 'eth0' }, 'yes'],
  ['not its interface', through(['docker0'], true), { inInterface: 'docker0' }, 'no'],
  ['any interface', through(['*']), {}, 'yes'],
  ['where it leaves', { on: 'out-interface', names: ['br0'], not: false }, { outInterface: 'br0' }, 'yes'],
  ['some sources', address('source', '10.0.0.0/8'), {}, 'perhaps'],
  ['all sources', address('source', '0.0.0.0/0'), {}, 'yes'],
  ['loopback as source', address('source', '127.0.0.0/8'), {}, 'no'],
  ['not loopback as source', address('source', '127.0.0.0/8', true), {}, 'yes'],
  ['a source of the other family', address('source', 'fe80::/10', true), {}, 'no'],
  ['its destination', address('destination', '192.0.2.0/24'), {}, 'yes'],
  ['another destination', address('destination', '10.0.0.1'), {}, 'no'],
  ['a destination that is not known', address('destination', '10.0.0.1'), { destination: undefined }, 'perhaps'],
  ['every destination', address('destination', '0.0.0.0/0'), { destination: undefined }, 'yes'],
  ['new', { on: 'state', states: ['new', 'related'], not: false }, {}, 'yes'],
  ['established', { on: 'state', states: ['established', 'related'], not: false }, {}, 'no'],
  ['not invalid', { on: 'state', states: ['invalid'], not: true }, {}, 'yes'],
  ['translated', { on: 'translated', not: false }, {}, 'no'],
  ['translated before', { on: 'translated', not: false }, { isTranslated: true }, 'yes'],
  ['local', { on: 'local-destination', not: false }, {}, 'yes'],
  ['a SYN', flags(['fin', 'syn', 'rst', 'ack'], ['syn']), {}, 'yes'],
  ['no SYN', flags(['fin', 'syn', 'rst', 'ack'], ['syn'], true), {}, 'no'],
  ['flags that exclude each other', flags(['fin', 'syn'], ['fin', 'syn']), {}, 'no'],
  ['no flag among others', flags(['fin', 'psh'], []), {}, 'yes'],
  ['flags of a datagram', flags(['syn'], ['syn'], true), { protocol: 'udp' }, 'no'],
  ['a limit', { on: 'other', text: 'limit' }, {}, 'perhaps'],
  ['a type of ICMP', { on: 'never', text: 'icmp type' }, {}, 'no'],
])('%s', (_, condition, facts, truth) => {
  expect(truthOf(condition, { ...PACKET, ...facts })).toBe(truth)
})
