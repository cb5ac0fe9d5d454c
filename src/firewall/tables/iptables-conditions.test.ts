import { expect, test } from 'vitest'
import { conditionsOf, parsePortRange } from './iptables-conditions.ts'
import { iptablesOptions, iptablesWords } from './iptables-words.ts'

const conditions = (text: string) => conditionsOf(iptablesOptions(iptablesWords(text)), 4)
const TCP = { on: 'protocol', protocols: ['tcp'], not: false }
const ports = (on: string, ranges: number[][], not = false) => ({ on, protocol: 'tcp', ranges, not })

test.each<[string, unknown[]]>([
  ['-p tcp -m tcp --dport 80', [TCP, ports('destination-port', [[80, 80]])]],
  ['-p tcp -m tcp ! --dport 22', [TCP, ports('destination-port', [[22, 22]], true)]],
  [
    '-p tcp -m multiport --dports 5000:5010,6000',
    [
      TCP,
      ports('destination-port', [
        [5000, 5010],
        [6000, 6000],
      ]),
    ],
  ],
  ['-p tcp -m tcp --sport 1:9', [TCP, ports('source-port', [[1, 9]])]],
  ['-i lo', [{ on: 'in-interface', names: ['lo'], not: false }]],
  ['! -o br-+', [{ on: 'out-interface', names: ['br-*'], not: true }]],
  ['-m conntrack --ctstate RELATED,ESTABLISHED', [{ on: 'state', states: ['related', 'established'], not: false }]],
  ['-m conntrack --ctstate DNAT', [{ on: 'translated', not: false }]],
  ['-m conntrack --ctstate NEW,DNAT', [{ on: 'other', text: '--ctstate NEW,DNAT' }]],
  ['-m state --state NEW', [{ on: 'state', states: ['new'], not: false }]],
  ['-m addrtype --dst-type LOCAL', [{ on: 'local-destination', not: false }]],
  ['-m addrtype --dst-type BROADCAST', [{ on: 'never', text: '--dst-type BROADCAST' }]],
  ['-m addrtype ! --dst-type BROADCAST', [{ on: 'other', text: '! --dst-type BROADCAST' }]],
  ['-m addrtype --dst-type UNICAST', [{ on: 'local-destination', not: true }]],
  ['-m addrtype ! --dst-type LOCAL', [{ on: 'local-destination', not: true }]],
  ['-m addrtype --src-type LOCAL', [{ on: 'other', text: '--src-type LOCAL' }]],
  ['-m pkttype --pkt-type broadcast', [{ on: 'never', text: '--pkt-type broadcast' }]],
  ['-m pkttype --pkt-type unicast', [{ on: 'other', text: '--pkt-type unicast' }]],
  [
    '-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN',
    [TCP, { on: 'tcp-flags', mask: ['fin', 'syn', 'rst', 'ack'], flags: ['syn'], not: true }],
  ],
  [
    '-p tcp -m tcp --tcp-flags ALL NONE',
    [TCP, { on: 'tcp-flags', mask: ['fin', 'syn', 'rst', 'psh', 'ack', 'urg'], flags: [], not: false }],
  ],
  [
    '-p icmp -m icmp --icmp-type 8',
    [
      { on: 'protocol', protocols: ['icmp'], not: false },
      { on: 'never', text: '--icmp-type 8' },
    ],
  ],
  ['-m comment --comment "a b"', []],
  ['-m limit --limit 5/min --limit-burst 10', [{ on: 'other', text: '-m limit --limit 5/min --limit-burst 10' }]],
  ['-m set ! --match-set bad src', [{ on: 'other', text: '-m set ! --match-set bad src' }]],
  ['-m mark --mark 0x1', [{ on: 'other', text: '-m mark --mark 0x1' }]],
  ['-s fe80::1', [{ on: 'other', text: '-s fe80::1' }]],
  ['-f', [{ on: 'other', text: '-f' }]],
])('%s', (text, expected) => {
  expect(conditions(text)).toEqual(expected)
})

test('addresses', () => {
  const range = { family: 4, first: 0x0a000000n, last: 0x0affffffn }
  expect(conditions('-s 10.0.0.0/8')).toEqual([{ on: 'source', family: 4, ranges: [range], not: false }])
  expect(conditions('! -d 10.0.0.0/8')).toEqual([{ on: 'destination', family: 4, ranges: [range], not: true }])
  expect(conditions('-m iprange --src-range 10.0.0.0-10.255.255.255')).toEqual([
    { on: 'source', family: 4, ranges: [range], not: false },
  ])
})

test.each([
  ['80', [80, 80]],
  ['1:9', [1, 9]],
  ['1-9', [1, 9]],
  ['9:1', undefined],
  ['65536', undefined],
  ['', undefined],
])('ports %s', (text, range) => {
  expect(parsePortRange(text)).toEqual(range)
})
