import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import type { Chain, PublishedByRule } from '../model.ts'
import { parseIptablesSave } from '../tables/iptables-save.ts'
import { parseNftRuleset } from '../tables/nft-ruleset.ts'
import { publishedByRules } from './published-by-rules.ts'

const read = (name: string) => readFileSync(fixture(`firewall/${name}`), 'latin1')

function line({ protocol, ports, to, hook, conditions, addresses }: PublishedByRule): string {
  const from = ports?.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(',') ?? 'every port'
  const target = `${to.address ?? '?'}${to.ports ? `:${to.ports[0]}` : ''}`
  const rest = [...conditions, ...(addresses ? ['own address'] : [])].join('; ')
  return `${hook} ${protocol ?? 'any'} ${from} → ${target}${rest && ` (${rest})`}`
}

const lines = (chains: readonly Chain[]) => publishedByRules(chains).map(line)

test('of nft: plain rules, maps, redirections, chains of their own', () => {
  expect(lines(parseNftRuleset(read('nft-zoo.json'))!.chains)).toEqual(
    [
      'prerouting tcp 8081 → self:80',
      'prerouting tcp 8082 → self',
      'prerouting tcp 8083,8084 → 10.0.0.3',
      'prerouting tcp 8100-8110 → 10.0.0.3:8100',
      'prerouting tcp 8085 → 10.0.0.4:85 (own address)',
      'prerouting udp 53 → 10.0.0.5:53 (through eth0)',
      'prerouting tcp 9000 → 10.0.0.1',
      'prerouting tcp 9009 → 10.0.0.2',
      'prerouting tcp 9100 → 10.0.0.1:91',
      'prerouting any every port → 10.0.0.1 (numgen)',
      'prerouting any every port → 10.0.0.2 (numgen)',
      'prerouting tcp 7000 → 10.0.0.7:70',
      'prerouting any every port → 10.9.9.9',
      'prerouting tcp 8080 → fd00::2:80',
    ].map(text => (text.includes('numgen') ? expect.stringContaining('numgen') : text)),
  )
})

test('a map of addresses and ports, of a recorded machine', () => {
  expect(lines(parseNftRuleset(read('published.nft.json'))!.chains)).toEqual([
    'prerouting tcp 8080 → 172.18.0.2:80',
    'prerouting tcp 15432 → 172.18.0.3:5432',
    'output tcp 8080 → 172.18.0.2:80',
    // A rule of iptables, whose target nft does not print.
    'prerouting tcp 9090 → ? (xt match "addrtype")',
  ])
})

test('of iptables, in both hooks', () => {
  expect(lines(parseIptablesSave(read('docker-ufw.iptables-legacy-save'), 'ip').chains)).toEqual([
    'prerouting tcp 8080 → 172.17.0.2:80 (not through docker0)',
    'prerouting udp 5353 → 172.17.0.3:53 (not through docker0)',
    'prerouting tcp 81 → self:8081',
    'prerouting tcp 5000-5010,6000 → 10.0.0.1',
    'output tcp 8080 → 172.17.0.2:80 (not through docker0)',
    'output udp 5353 → 172.17.0.3:53 (not through docker0)',
  ])
})

test.each([
  ['-p tcp -m multiport --dports 80,443 -m tcp ! --dport 80', ['prerouting tcp 443 → 10.0.0.1']],
  ['-p tcp -m tcp --dport 80 -m multiport --dports 81,82', []],
  ['! -d 127.0.0.0/8 -p tcp -m tcp --dport 80', ['prerouting tcp 80 → 10.0.0.1']],
  ['! -d 10.0.0.0/8 -p tcp -m tcp --dport 80', ['prerouting tcp 80 → 10.0.0.1 (some destinations only)']],
  ['-s 10.0.0.0/8 -p tcp -m tcp --dport 80', ['prerouting tcp 80 → 10.0.0.1 (some sources only)']],
  ['-p icmp -m icmp --icmp-type 8', []],
  ['-d 192.0.2.1/32 -p tcp -m tcp --dport 80', ['prerouting tcp 80 → 10.0.0.1 (own address)']],
])('%s', (conditions, expected) => {
  const text = `*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING ${conditions} -j DNAT --to-destination 10.0.0.1\nCOMMIT\n`
  expect(lines(parseIptablesSave(text, 'ip').chains)).toEqual(expected)
})
