// Whatever a tool prints, whole, cut or damaged: parsers give rows or say that it is none, and never throw.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../test/support/paths.ts'
import { firewallOf } from './read-firewall.ts'
import { publishedByRules } from './rules/published-by-rules.ts'
import { destinationsOf, verdictAt } from './rules/route-of-packet.ts'
import { parseFibTrie } from './tables/fib-trie.ts'
import { parseIfInet6 } from './tables/if-inet6.ts'
import { parseIptablesSave } from './tables/iptables-save.ts'
import { parseNfConntrack } from './tables/nf-conntrack.ts'
import { parseNftRuleset } from './tables/nft-ruleset.ts'
import { parseIpv6Routes, parseRoutes } from './tables/routes.ts'
import type { Chain } from './model.ts'

const read = (name: string) => readFileSync(fixture(`firewall/${name}`), 'latin1')

/** A text with bytes changed, cut off or repeated. */
const damaged = (text: string) =>
  fc
    .array(
      fc.record({
        at: fc.nat(text.length - 1),
        kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat'),
        byte: fc.nat(255),
      }),
      { maxLength: 6 },
    )
    .map(changes =>
      changes.reduce((current, { at, kind, byte }) => {
        const [head, tail] = [current.slice(0, at), current.slice(at)]
        if (kind === 'cut') return head
        if (kind === 'insert') return head + String.fromCharCode(byte) + tail
        return kind === 'repeat' ? head + tail.slice(0, 40) + tail : head + String.fromCharCode(byte) + tail.slice(1)
      }, text),
    )

const PACKET = {
  family: 4,
  protocol: 'tcp',
  destination: { number: 1n },
  port: 80,
  inInterface: undefined,
  outInterface: undefined,
  isLocal: true,
  isTranslated: false,
} as const

function use(chains: readonly Chain[]): void {
  expect(['accepted', 'dropped', 'depends']).toContain(
    verdictAt(chains, ['ingress', 'prerouting', 'input'], PACKET).answer,
  )
  expect(destinationsOf(chains, PACKET).length).toBeGreaterThan(0)
  for (const { ports } of publishedByRules(chains))
    for (const [first, last] of ports ?? []) expect(first).toBeLessThanOrEqual(last)
}

describe('damaged output of', () => {
  test.each(['docker-ufw.iptables-nft-save', 'docker-ufw.iptables-legacy-save'])('%s', name => {
    fc.assert(
      fc.property(damaged(read(name)), text => use(parseIptablesSave(text, 'ip').chains)),
      { numRuns: 150 },
    )
  })

  test.each(['nft-zoo.json', 'published.nft.json', 'docker-ufw.nft.json'])('%s', name => {
    fc.assert(
      fc.property(damaged(read(name)), text => use(parseNftRuleset(text)?.chains ?? [])),
      { numRuns: 150 },
    )
  })

  test.each<[string, (bytes: Buffer) => unknown]>([
    ['published.nf_conntrack', parseNfConntrack],
    ['conntrack-L', parseNfConntrack],
    ['fib_trie', parseFibTrie],
    ['if_inet6', parseIfInet6],
    ['route', bytes => parseRoutes(bytes, true)],
    ['ipv6_route', parseIpv6Routes],
  ])('%s', (name, parse) => {
    fc.assert(
      fc.property(damaged(read(name)), text => void parse(Buffer.from(text, 'latin1'))),
      { numRuns: 150 },
    )
  })
})

test('JSON of any shape in the place of statements', () => {
  const [chain] = parseNftRuleset(
    '{"nftables":[{"chain":{"family":"ip","table":"t","name":"c","type":"filter","hook":"input","prio":0}}]}',
  )!.chains
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.constantFrom('match', 'vmap', 'dnat', 'set', 'xt', 'jump'),
      (values, kind) => {
        const rules = values.map(value => ({ rule: { ...chain, chain: 'c', expr: [{ [kind]: value }, value] } }))
        use(parseNftRuleset(JSON.stringify({ nftables: [{ chain: { ...chain, ...chain!.base } }, ...rules] }))!.chains)
      },
    ),
    { numRuns: 300 },
  )
})

test('a recorded answer of any bytes is a gap or rules', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (nft, iptables) => {
      const { chains, gaps } = firewallOf([
        { tool: 'nft', state: 'read', text: nft },
        { tool: 'iptables-save', state: 'read', text: iptables },
      ])
      expect(chains.length + gaps.length).toBeGreaterThan(0)
    }),
  )
})
