import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../../../test/support/paths.ts'
import { firewallOf, parseAddressRange } from '../../../firewall/index.ts'
import type { Firewall, ToolName } from '../../../firewall/model.ts'
import { becauseText } from '../show/exposure-text.ts'
import { inputVerdict, opinionOfListener, opinionOfPublished, type AskedPort, type FirewallFacts } from './opinion.ts'

const read = (name: string) => readFileSync(fixture(`firewall/${name}`), 'latin1')
const firewall = (texts: Partial<Record<ToolName, string>>): Firewall =>
  firewallOf(Object.entries(texts).map(([tool, text]) => ({ tool: tool as ToolName, state: 'read' as const, text })))

const facts = ({ chains, gaps }: Firewall, rest: Partial<FirewallFacts> = {}): FirewallFacts => ({
  chains,
  gaps,
  routes: [{ interfaceName: 'docker0', range: parseAddressRange('172.17.0.0/16')!, metric: 0 }],
  interfaces: [['eth0']],
  localAddresses: ['127.0.0.1', '192.0.2.1', '172.17.0.1'],
  ...rest,
})

const docker = facts(
  firewall({ nft: read('docker-ufw.nft.json'), 'iptables-save': read('docker-ufw.iptables-nft-save') }),
)

const port = (number: number, rest: Partial<AskedPort> = {}): AskedPort => ({
  family: 4,
  protocol: 'tcp',
  address: '192.0.2.1',
  port: number,
  ...rest,
})

/** A rule for each line, in the chain input of nft. */
function input(rules: readonly object[][], policy = 'drop', extra: object[] = []): Firewall {
  const chain = { family: 'inet', table: 't' }
  return firewall({
    nft: JSON.stringify({
      nftables: [
        { chain: { ...chain, name: 'in', type: 'filter', hook: 'input', prio: 0, policy } },
        ...extra,
        ...rules.map((expr, handle) => ({ rule: { ...chain, chain: 'in', handle, expr } })),
      ],
    }),
  })
}
const iifname = (name: string) => ({ match: { op: '==', left: { meta: { key: 'iifname' } }, right: name } })
const ACCEPT = { accept: null }

describe('a listener', () => {
  test.each<[number, string, string]>([
    [22, 'accepted', '-p tcp -m tcp --dport 22 -m comment --comment "dapp_OpenSSH it\\\\\'s" -j ACCEPT'],
    [23, 'dropped', '-p tcp -m tcp --dport 23 -j REJECT --reject-with tcp-reset'],
    [80, 'depends', '-s 10.0.0.0/8 -p tcp -m multiport --dports 80,443 -j ACCEPT, else '],
  ])('at port %i: %s', (number, answer, because) => {
    const opinion = opinionOfListener(docker, port(number))
    expect(opinion.answer).toBe(answer)
    expect(becauseText(opinion)).toContain(because)
  })

  test('that a published port goes past', () => {
    const opinion = opinionOfListener(docker, port(8080))
    expect(opinion.taken).toMatchObject({ all: true, rule: { verdict: 'translate' } })
    expect(becauseText(opinion)).toContain('taken before it by: ! -i docker0 -p tcp')
  })

  test('that some packets go past', () => {
    const opinion = opinionOfListener({ ...docker, interfaces: [['eth0'], ['docker0']] }, port(8080))
    expect(opinion.taken).toMatchObject({ all: false })
  })

  test('reached through interfaces with different rules', () => {
    const opinion = opinionOfListener(
      facts(input([[iifname('eth0'), ACCEPT]]), { interfaces: [['eth0'], ['eth1']] }),
      port(80),
    )
    expect(opinion).toMatchObject({
      answer: 'depends',
      byInterface: [
        { answer: 'accepted', names: ['eth0'] },
        { answer: 'dropped', names: ['eth1'] },
      ],
    })
    expect(becauseText(opinion)).toBe(
      'accepted through eth0; dropped through eth1: iifname eth0 accept, else policy drop of inet t in',
    )
  })

  test('of an address of one link is reached through that alone', () => {
    const of = facts(input([[iifname('eth0'), ACCEPT]]), { interfaces: [['eth0'], ['eth1']] })
    expect(opinionOfListener(of, port(80, { interfaces: ['eth0'] })).answer).toBe('accepted')
  })

  test('where interfaces are not known, what hangs on them does', () => {
    const of = facts(input([[iifname('eth0'), ACCEPT]]), { interfaces: [] })
    expect(opinionOfListener(of, port(80)).answer).toBe('depends')
  })

  test('a jump that holds for some is told with the rule behind it', () => {
    const chain = { chain: { family: 'inet', table: 't', name: 'zone' } }
    const rule = { rule: { family: 'inet', table: 't', chain: 'zone', handle: 9, expr: [ACCEPT] } }
    const of = facts(input([[iifname('eth0'), { jump: { target: 'zone' } }]], 'drop', [chain, rule]), {
      interfaces: [],
    })
    expect(opinionOfListener(of, port(80)).because).toMatchObject([
      { text: 'accept', under: 'iifname eth0 jump zone' },
      { text: 'policy drop' },
    ])
  })

  test('before which a chain of the hook prerouting drops', () => {
    const raw = { family: 'ip', table: 'raw' }
    const of = facts(
      input([[ACCEPT]], 'accept', [
        { chain: { ...raw, name: 'pre', type: 'filter', hook: 'prerouting', prio: -300, policy: 'accept' } },
        { rule: { ...raw, chain: 'pre', handle: 1, expr: [{ drop: null }] } },
      ]),
    )
    expect(opinionOfListener(of, port(80)).answer).toBe('dropped')
    expect(opinionOfListener(of, port(80, { family: 6, address: '2001:db8::1' })).answer).toBe('accepted')
  })

  test('no rule at all', () => {
    expect(becauseText(opinionOfListener(facts(firewall({ nft: '{"nftables": []}' })), port(80)))).toBe(
      'no rule looks at it',
    )
  })

  test('rules that could not be read: what the others drop stays dropped, all else is unknown', () => {
    const denied = firewallOf([{ tool: 'nft', state: 'denied' }])
    expect(opinionOfListener(facts(denied), port(80)).answer).toBe('unknown')
    const half = { ...docker, gaps: [{ reason: 'failed' as const, message: 'x' }] }
    expect([22, 23].map(number => opinionOfListener(half, port(number)).answer)).toEqual(['unknown', 'dropped'])
  })
})

describe('a published port', () => {
  const to = { address: '172.17.0.2', port: 80 }

  test('is asked for on its way on, not in the chain input', () => {
    const opinion = opinionOfPublished(docker, port(8080), to)
    expect(opinion.answer).toBe('accepted')
    expect(becauseText(opinion)).toContain('-d 172.17.0.2/32 ! -i docker0 -o docker0')
    expect(inputVerdict(docker, port(8080)).answer).not.toBe('accepted')
  })

  test('whose way on is closed', () => {
    expect(opinionOfPublished(docker, port(5005), { address: '10.0.0.1', port: 5005 }).answer).toBe('dropped')
  })

  test('to another port of this machine is asked for in the chain input', () => {
    const opinion = opinionOfPublished(docker, port(81), { isSelf: true, port: 8081 })
    expect(opinion.answer).toBe('depends')
    expect(becauseText(opinion)).toContain('--src-range')
  })

  test.each([
    [-300, '192.0.2.1', 'dropped'],
    [-300, '172.17.0.2', 'accepted'],
    [-50, '192.0.2.1', 'accepted'],
    [-50, '172.17.0.2', 'dropped'],
  ])('a chain of prerouting at %i that drops what goes to %s: %s', (prio, destination, answer) => {
    const raw = { family: 'ip', table: 'raw' }
    const daddr = { match: { op: '==', left: { payload: { protocol: 'ip', field: 'daddr' } }, right: destination } }
    const { chains } = input([], 'accept', [
      { chain: { ...raw, name: 'pre', type: 'filter', hook: 'prerouting', prio, policy: 'accept' } },
      { rule: { ...raw, chain: 'pre', handle: 1, expr: [daddr, { drop: null }] } },
    ])
    const both = { ...docker, chains: [...docker.chains, ...chains] }
    expect(opinionOfPublished(both, port(8080), to).answer).toBe(answer)
  })

  test('that the rules do not know depends', () => {
    expect(opinionOfPublished(docker, port(9999), to).answer).toBe('depends')
  })
})

describe('the chains of ufw', () => {
  const rules = { nft: read('ufw.nft.json'), 'iptables-save': read('ufw.iptables-nft-save') }
  const whole = facts(firewall(rules))
  // nft alone shows of many rules only that they ask something.
  const half = facts(firewall({ nft: rules.nft }))

  test.each<[string, number, string, string]>([
    ['allowed', 22, 'accepted', '-p tcp -m tcp --dport 22 -j ACCEPT'],
    [
      'allowed from one network',
      5432,
      'depends',
      '-s 203.0.113.0/24 -p tcp -m tcp --dport 5432 -j ACCEPT, else policy drop',
    ],
    ['rejected', 25, 'dropped', '-p tcp -m tcp --dport 25 -j REJECT'],
    ['limited', 2222, 'depends', '-j ACCEPT, else policy drop'],
    ['skipped to the policy', 445, 'dropped', '-j DROP'],
    ['not mentioned', 80, 'dropped', 'policy drop of ip filter INPUT'],
  ])('%s: port %i is %s', (_, number, answer, because) => {
    const opinion = opinionOfListener(whole, port(number))
    expect(opinion.answer).toBe(answer)
    expect(becauseText(opinion)).toContain(because)
    // What is not known whole never answers otherwise, only less.
    expect([answer, 'depends']).toContain(opinionOfListener(half, port(number)).answer)
  })

  test('a packet to another machine’s address is stopped', () => {
    expect(opinionOfListener(whole, port(22, { address: '198.51.100.9' })).answer).toBe('dropped')
  })
})
