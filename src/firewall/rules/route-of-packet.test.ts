import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import type { Chain } from '../model.ts'
import { addressNumber } from '../tables/address-range.ts'
import { parseIptablesSave } from '../tables/iptables-save.ts'
import { parseNftRuleset } from '../tables/nft-ruleset.ts'
import type { Packet } from './condition-truth.ts'
import { destinationsOf, translatedPacket, verdictAt } from './route-of-packet.ts'

const packet = (port: number, rest: Partial<Packet> = {}): Packet => ({
  family: 4,
  protocol: 'tcp',
  destination: addressNumber('192.0.2.1')!,
  port,
  inInterface: undefined,
  outInterface: undefined,
  isLocal: true,
  isTranslated: false,
  ...rest,
})

/** A ruleset of two chains at one hook: what iptables' compatible tables look like beside nft's own. */
const scene = parseNftRuleset(
  JSON.stringify({
    nftables: [
      ...['early', 'late'].map((name, at) => ({
        chain: { family: 'inet', table: 't', name, type: 'filter', hook: 'input', prio: at * 10, policy: 'accept' },
      })),
      ...[
        ['early', 80, { accept: null }],
        ['early', 81, { accept: null }],
        ['late', 81, { drop: null }],
        ['early', 82, { drop: null }],
        ['late', 82, { accept: null }],
      ].map(([chain, port, verdict], handle) => ({
        rule: {
          family: 'inet',
          table: 't',
          chain,
          handle,
          expr: [
            { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: port } },
            ...(handle === 4 ? [{ limit: { rate: 1, per: 'second' } }] : []),
            verdict,
          ],
        },
      })),
    ],
  }),
)!.chains

describe('chains of one hook', () => {
  test.each([
    [80, 'accepted', []],
    [81, 'dropped', ['tcp dport 81 drop']],
    [82, 'dropped', ['tcp dport 82 drop']],
    [83, 'accepted', []],
  ])('port %i is %s: an accept is the last word of its own chain only', (port, answer, because) => {
    const verdict = verdictAt(scene, ['input'], packet(port))
    expect(verdict.answer).toBe(answer)
    expect(
      verdict.because.flatMap(({ verdict: kind, rule }) =>
        kind === 'accept' || rule === undefined ? [] : [rule.text],
      ),
    ).toEqual(because)
  })

  test('tables of the other family are passed by', () => {
    const drop6: Chain[] = scene.map(chain => ({ ...chain, family: 'ip6' }))
    expect(verdictAt(drop6, ['input'], packet(81)).answer).toBe('accepted')
    expect(verdictAt(drop6, ['input'], packet(81, { family: 6 })).answer).toBe('dropped')
  })

  test('an ingress chain without a known interface decides only perhaps', () => {
    const ingress: Chain[] = scene.map(chain => ({ ...chain, base: { ...chain.base!, hook: 'ingress' } }))
    expect(verdictAt(ingress, ['ingress'], packet(82)).answer).toBe('depends')
    const ofEth0 = ingress.map(chain => ({ ...chain, base: { ...chain.base!, devices: ['eth0'] } }))
    expect(verdictAt(ofEth0, ['ingress'], packet(82, { inInterface: 'eth0' })).answer).toBe('dropped')
    expect(verdictAt(ofEth0, ['ingress'], packet(82, { inInterface: 'eth1' })).answer).toBe('accepted')
  })
})

describe('Docker beside ufw', () => {
  const { chains } = parseIptablesSave(readFileSync(fixture('firewall/docker-ufw.iptables-nft-save'), 'latin1'), 'ip')

  test.each([
    [22, 'accepted', '-p tcp -m tcp --dport 22 -m comment --comment "dapp_OpenSSH it\\\'s" -j ACCEPT'],
    [23, 'dropped', '-p tcp -m tcp --dport 23 -j REJECT --reject-with tcp-reset'],
    [80, 'depends', '-s 10.0.0.0/8 -p tcp -m multiport --dports 80,443 -j ACCEPT'],
    // Only the last rule may let it in.
    [99, 'depends', '-p tcp -m iprange --src-range 10.0.0.1-10.0.0.9 -j ACCEPT'],
  ])('port %i: %s', (port, answer, quote) => {
    const verdict = verdictAt(chains, ['input'], packet(port))
    expect(verdict.answer).toBe(answer)
    expect(verdict.because.map(({ rule }) => rule?.text)).toContain(quote)
  })

  test('a published port goes past the chain input and is accepted on its way on', () => {
    const [first] = destinationsOf(chains, packet(8080, { inInterface: 'eth0' }))
    expect(first).toMatchObject({
      isOnlyPerhaps: false,
      translation: { to: { address: '172.17.0.2', ports: [80, 80] } },
    })
    const onward = translatedPacket(packet(8080, { inInterface: 'eth0' }), first!.translation!.to, {
      isLocal: false,
      outInterface: 'docker0',
    })
    expect(onward).toMatchObject({ port: 80, isTranslated: true, isLocal: false })
    expect(verdictAt(chains, ['forward'], onward).answer).toBe('accepted')
    // ufw would not have let it in.
    expect(verdictAt(chains, ['input'], packet(8080, { inInterface: 'eth0' })).answer).not.toBe('accepted')
    // Another port of the same container has no rule.
    expect(verdictAt(chains, ['forward'], { ...onward, port: 81 }).answer).toBe('dropped')
  })

  test('from the side of the containers no translation takes place', () => {
    expect(destinationsOf(chains, packet(8080, { inInterface: 'docker0' }))).toEqual([
      { translation: undefined, isOnlyPerhaps: false },
    ])
  })

  test('through an interface that is not known only perhaps', () => {
    expect(destinationsOf(chains, packet(8080)).map(({ isOnlyPerhaps }) => isOnlyPerhaps)).toEqual([true, true])
  })
})

test.each([
  [[80, 80], 80],
  [[8100, 8110], 8105],
  [undefined, 8105],
] as const)('to ports %j it arrives at %i', (ports, arrived) => {
  const to = { address: '10.0.0.3', ports }
  const { port } = translatedPacket(packet(8105), to, { isLocal: false, outInterface: undefined })
  expect(port).toBe(arrived)
})
