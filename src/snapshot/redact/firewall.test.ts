import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { parseIptablesSave } from '../../firewall/tables/iptables-save.ts'
import { parseNftRuleset } from '../../firewall/tables/nft-ruleset.ts'
import { redactIptablesSave, redactNftJson } from './firewall.ts'
import { createPseudonyms } from '../../redact/pseudonyms.ts'
import type { Redaction } from '../../redact/words.ts'

const redaction = (): Redaction => ({ pseudonyms: createPseudonyms(new Set()), hosts: ['web1'], users: [] })
const read = (name: string) => readFileSync(fixture(`firewall/${name}`), 'latin1')

describe('rules of nft', () => {
  test('keep their structure, ports and interfaces, and lose addresses, comments and chosen names', () => {
    const text = redactNftJson(read('nft-zoo.json'), redaction())!
    for (const secret of ['192.168.1.5', '10.9.9.9', 'bad one', '00:11:22:33:44:55', '"allowed"', '@lan'])
      expect(text).not.toContain(secret)
    for (const kept of ['"lo"', '8081', '"established"', '"prerouting"', 'docker*']) expect(text).toContain(kept)
    const [before, after] = [parseNftRuleset(read('nft-zoo.json'))!, parseNftRuleset(text)!]
    const shape = ({ chains }: typeof before) =>
      chains.map(({ base, rules }) => [
        base,
        rules.map(({ conditions, action }) => [conditions.map(({ on }) => on), action.kind]),
      ])
    expect(shape(after)).toEqual(shape(before))
  })

  test('names of what iptables hides stay: they are the kernel’s', () => {
    const text = redactNftJson(read('docker-ufw.nft.json'), redaction())!
    expect(text).toContain('"name":"conntrack"')
    expect(text).toContain('"name":"DOCKER-USER"')
    expect(text).not.toContain('172.17.0.2')
  })

  test('what is no JSON is left out', () => {
    expect(redactNftJson('{"nftables": [', redaction())).toBeUndefined()
  })
})

describe('rules of iptables', () => {
  test('keep their structure', () => {
    const text = redactIptablesSave(read('docker-ufw.iptables-nft-save'), redaction())
    for (const secret of ['172.17.0', 'dapp_OpenSSH', 'UFW BLOCK']) expect(text).not.toContain(secret)
    const [before, after] = [
      parseIptablesSave(read('docker-ufw.iptables-nft-save'), 'ip'),
      parseIptablesSave(text, 'ip'),
    ]
    const shape = ({ chains, bogus, isWhole }: typeof before) => [
      chains.map(({ name, base, rules }) => [
        name,
        base,
        rules.map(({ conditions, action }) => [conditions.map(({ on }) => on), action.kind]),
      ]),
      bogus,
      isWhole,
    ]
    expect(shape(after)).toEqual(shape(before))
  })

  test.each([
    [':acme-office - [0:0]', /^:n1x+ - \[0:0\]$/],
    ['-A acme-office -j other_chain', /^-A n1x+ -j n2x+$/],
    ['-A INPUT -m comment --comment "for web1 (Bob)" -j ACCEPT', /^-A INPUT -m comment --comment "arg1" -j ACCEPT$/],
    ['-A INPUT -m comment --comment plain -j DROP', /^-A INPUT -m comment --comment "arg1" -j DROP$/],
    ['-A INPUT -m set --match-set acme src -j DROP', /^-A INPUT -m set --match-set n1x+ src -j DROP$/],
    ['-A INPUT -s 10.1.2.3/32 -j ACCEPT', /^-A INPUT -s 10\.0\.0\.1\/32 -j ACCEPT$/],
  ])('%s', (line, expected) => {
    expect(redactIptablesSave(`*filter\n${line}\n`, redaction()).split('\n')[1]).toMatch(expected)
  })
})
