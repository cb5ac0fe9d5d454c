import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { parseNftRuleset } from './nft-ruleset.ts'

const read = (name: string) => parseNftRuleset(readFileSync(fixture(`firewall/${name}`), 'latin1'))!

describe('a ruleset of nft', () => {
  const { chains, hidden } = read('nft-zoo.json')

  test('chains, with the hooks they are at', () => {
    expect(
      chains.map(({ family, table, name, base, rules }) => [
        `${family} ${table} ${name}`,
        base && `${base.type} ${base.hook} ${base.priority} ${base.policy}`,
        new Set(rules.map(({ where }) => where)).size,
      ]),
    ).toEqual([
      ['inet fw in', 'filter input 0 drop', 43],
      ['inet fw other', undefined, 1],
      ['ip n pre', 'nat prerouting -100 accept', 11],
      ['ip n svc', undefined, 1],
      ['ip6 n6 pre', 'nat prerouting -100 accept', 1],
      ['netdev d i', 'filter ingress 0 accept', 1],
    ])
    // nft 1.0.6 does not print the device.
    expect(chains.at(-1)!.base!.devices).toBeUndefined()
    expect(hidden).toEqual(new Set())
  })

  test('quotes read like nft', () => {
    expect([...new Set(chains[0]!.rules.map(({ text }) => text))]).toEqual([
      'iif lo accept',
      'iifname lo accept',
      'iifname { docker*, lo } accept',
      'ct state established,related accept',
      'ct state vmap { invalid : drop, established : accept, related : accept }',
      'ct state invalid drop comment "bad one"',
      'ip protocol icmp accept',
      'meta l4proto { icmp, ipv6-icmp } accept',
      'icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept',
      'tcp dport 80 accept',
      'tcp dport { 80, 100-200, 443 } accept',
      'tcp dport @allowed accept',
      'tcp dport != 22 drop',
      'tcp dport 1024-2000 accept',
      'tcp dport vmap @vm',
      'tcp dport vmap { 1 : jump other, 2 : goto other }',
      'ip saddr 10.0.0.0/8 tcp dport 82 accept',
      'ip saddr @lan accept',
      'ip saddr != { 1.1.1.1, 10.0.0.0/8 } drop',
      'ip6 saddr fe80::/10 accept',
      'ip saddr . tcp dport { 10.0.0.1 . 5 } accept',
      'tcp dport 2222 limit rate 5/minute accept',
      'meta mark 1 accept',
      'meta nfproto ipv6 drop',
      'fib daddr type local accept',
      'fib saddr . iif oif missing drop',
      'tcp flags & (fin | syn | rst | ack) != syn drop',
      'tcp flags syn drop',
      'meta pkttype broadcast drop',
      'udp dport 53 jump other',
      'th dport 53 accept',
      'ct status dnat accept',
      'ct mark 5 accept',
      'tcp dport 23 reject with tcp reset',
      'tcp dport 24 log prefix "x"',
      expect.stringContaining('@dyn'),
      'meta mark set 2',
      expect.stringContaining('ct count'),
      'tcp dport 27 iifname eth0 accept',
      'ether saddr 00:11:22:33:44:55 accept',
      'meta skuid 0 accept',
      'ip daddr 10.0.0.5 tcp sport 1024-65535 accept',
      'return',
    ])
  })

  test('limits and sets that hold one are conditions that cannot be told', () => {
    const conditionsOf = (quote: string) =>
      chains[0]!.rules.find(({ text }) => text.includes(quote))!.conditions.map(({ on }) => on)
    expect(conditionsOf('limit rate 5')).toEqual(['destination-port', 'other'])
    expect(conditionsOf('@dyn')).toEqual(['other'])
    expect(conditionsOf('ct count')).toEqual(['other'])
    expect(conditionsOf('log prefix')).toEqual(['destination-port'])
  })
})

test('rules of iptables name the tables they hide something in', () => {
  const { chains, hidden } = read('docker-ufw.nft.json')
  expect(hidden).toEqual(new Set(['ip nat', 'ip filter']))
  const targets = chains.find(({ table, name }) => table === 'nat' && name === 'DOCKER')!.rules
  expect(targets.at(-1)!.action).toEqual({ kind: 'translate', to: { address: undefined, ports: undefined } })
  const [, established] = chains.find(({ name }) => name === 'INPUT')!.rules
  expect(established!.conditions).toEqual([{ on: 'other', text: 'xt match "conntrack"' }])
})

describe('what is no ruleset', () => {
  test.each(['', '{', '[]', '{"nftables": 1}', 'null', '{"nft": []}'])('%j', text => {
    expect(parseNftRuleset(text)).toBeUndefined()
  })

  test('entries of another form are passed over', () => {
    const entries = [
      { chain: { family: 'ip', table: 't', name: 'c', hook: 'input', type: 'filter', prio: 'x', policy: 'queue' } },
      { chain: { family: 'bridge', table: 't', name: 'b' } },
      { rule: { family: 'ip', table: 't', chain: 'lost', expr: [{ drop: null }] } },
      { rule: { family: 'ip', table: 't', chain: 'c', expr: 'drop' } },
      { rule: null },
      7,
    ]
    const { chains } = parseNftRuleset(JSON.stringify({ nftables: entries }))!
    expect(chains.map(({ name, base, rules }) => [name, base?.priority, base?.policy, rules.length])).toEqual([
      ['c', 0, 'accept', 1],
    ])
  })
})
