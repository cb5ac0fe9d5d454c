import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { parseIptablesSave } from './iptables-save.ts'

const read = (name: string) => readFileSync(fixture(`firewall/${name}`), 'latin1')

describe('what iptables-save prints', () => {
  const current = parseIptablesSave(read('docker-ufw.iptables-nft-save'), 'ip')
  const legacy = parseIptablesSave(read('docker-ufw.iptables-legacy-save'), 'ip')

  test('the same of both kinds but for where the rules lie', () => {
    expect(new Set(current.chains.map(({ tool }) => tool))).toEqual(new Set(['iptables-nft']))
    expect(new Set(legacy.chains.map(({ tool }) => tool))).toEqual(new Set(['iptables-legacy']))
    const withoutTool = (chains: typeof current.chains) => chains.map(chain => ({ ...chain, tool: undefined }))
    expect(withoutTool(legacy.chains)).toEqual(withoutTool(current.chains))
    expect([current.bogus, current.isWhole, legacy.isWhole]).toEqual([0, true, true])
  })

  test('base chains stand where nft would have them', () => {
    expect(
      current.chains.flatMap(({ table, name, base }) =>
        base === undefined ? [] : [`${table} ${name} ${base.type} ${base.hook} ${base.priority} ${base.policy}`],
      ),
    ).toEqual([
      'filter INPUT filter input 0 drop',
      'filter FORWARD filter forward 0 drop',
      'filter OUTPUT filter output 0 accept',
      'nat PREROUTING nat prerouting -100 accept',
      'nat INPUT nat input 100 accept',
      'nat OUTPUT nat output -100 accept',
      'nat POSTROUTING nat postrouting 100 accept',
    ])
  })

  test('targets', () => {
    const actions = (table: string, name: string) =>
      current.chains.find(chain => chain.table === table && chain.name === name)!.rules.map(({ action }) => action)
    expect(actions('nat', 'PREROUTING')).toEqual([
      { kind: 'jump', chain: 'DOCKER' },
      { kind: 'translate', to: { address: 'self', ports: [8081, 8081] } },
      { kind: 'translate', to: { address: '10.0.0.1', ports: undefined } },
    ])
    expect(actions('nat', 'DOCKER')[1]).toEqual({ kind: 'translate', to: { address: '172.17.0.2', ports: [80, 80] } })
    expect(actions('filter', 'INPUT').map(({ kind }) => kind)).toEqual([
      'accept',
      'accept',
      'drop',
      'jump',
      'reject',
      'next',
      'drop',
      'accept',
      'goto',
      'accept',
    ])
  })

  test('quotes and comments', () => {
    const [rule] = current.chains.find(({ name }) => name === 'ufw-user-input')!.rules
    expect(rule).toMatchObject({ where: 'iptables filter ufw-user-input rule 1', comment: "dapp_OpenSSH it's" })
    expect(rule!.text).toBe('-p tcp -m tcp --dport 22 -m comment --comment "dapp_OpenSSH it\\\'s" -j ACCEPT')
  })
})

const rules = (rule: string, family: 'ip' | 'ip6' = 'ip') =>
  parseIptablesSave(`*nat\n:PREROUTING ACCEPT [0:0]\n${rule}\nCOMMIT\n`, family)

test.each([
  ['10.0.0.1:80', { address: '10.0.0.1', ports: [80, 80] }],
  ['10.0.0.1-10.0.0.9:80-90', { address: '10.0.0.1', ports: [80, 90] }],
  ['10.0.0.1:80-90/8080', { address: '10.0.0.1', ports: [80, 90] }],
  ['[fd00::2]:80', { address: 'fd00::2', ports: [80, 80] }],
  ['[fd00::2-fd00::9]:80', { address: 'fd00::2', ports: [80, 80] }],
  ['fd00::2', { address: 'fd00::2', ports: undefined }],
  [':80', { address: undefined, ports: [80, 80] }],
])('a destination %s', (text, to) => {
  const { chains } = rules(`-A PREROUTING -p tcp -j DNAT --to-destination ${text} --random`)
  expect(chains[0]!.rules[0]!.action).toEqual({ kind: 'translate', to })
})

test.each([
  ['counters in front', '[3:180] -A PREROUTING -j RETURN', 0],
  ['a chain that is not there', '-A NOWHERE -j RETURN', 1],
  ['another command', '-I PREROUTING -j RETURN', 1],
])('%s', (_, line, bogus) => {
  const parsed = rules(line)
  expect([parsed.bogus, parsed.chains[0]!.rules.length]).toEqual([bogus, 1 - bogus])
})

test('an unknown target cannot be told', () => {
  expect(rules('-A PREROUTING -j WEIRD').chains[0]!.rules[0]!.action).toEqual({ kind: 'other', text: '-j WEIRD' })
})

test('a text that ends before COMMIT is not whole', () => {
  expect(parseIptablesSave('*filter\n:INPUT DROP [0:0]\n-A INP', 'ip').isWhole).toBe(false)
  expect(parseIptablesSave('', 'ip')).toEqual({ chains: [], isWhole: true, bogus: 0 })
})
