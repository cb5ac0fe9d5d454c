import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { procOf } from '../../test/support/fake-proc.ts'
import { fixture } from '../../test/support/paths.ts'
import { readConntrack } from './read-conntrack.ts'
import { readFirewall } from './read-firewall.ts'
import { readFirewallTools } from './read-tools.ts'

const read = (name: string) => readFileSync(fixture(`firewall/${name}`), 'latin1')

const recording = (files: Record<string, string>, errors: Record<string, string> = {}) => procOf({ files, errors })

const states = async (files: Record<string, string>, errors?: Record<string, string>) =>
  Object.fromEntries((await readFirewallTools(recording(files, errors))).map(({ tool, state }) => [tool, state]))

describe('what the tools of a recorded machine said', () => {
  test('nft alone, where it tells everything', async () => {
    expect(await states({ 'tool/nft.json': read('nft-zoo.json') })).toEqual({
      nft: 'read',
      'iptables-save': 'not-needed',
      'ip6tables-save': 'not-needed',
      'iptables-legacy-save': 'not-needed',
      'ip6tables-legacy-save': 'not-needed',
    })
  })

  test('iptables beside it, where nft hides rules of its family', async () => {
    expect(
      await states({
        'tool/nft.json': read('docker-ufw.nft.json'),
        'tool/iptables-save': read('docker-ufw.iptables-nft-save'),
      }),
    ).toMatchObject({ nft: 'read', 'iptables-save': 'read', 'ip6tables-save': 'not-needed' })
  })

  test('legacy tables, where the kernel has some', async () => {
    const files = { 'tool/nft.json': '{"nftables": []}', 'net/ip_tables_names': 'nat\nfilter\n' }
    expect(await states(files)).toMatchObject({
      'iptables-legacy-save': 'not-recorded',
      'ip6tables-legacy-save': 'not-needed',
    })
  })

  test('nothing', async () => {
    expect(await states({})).toMatchObject({ nft: 'not-recorded', 'iptables-save': 'not-recorded' })
  })

  test('refused', async () => {
    expect(await states({}, { 'tool/nft.json': 'EPERM' })).toMatchObject({
      nft: 'denied',
      'iptables-save': 'not-needed',
    })
  })
})

describe('the rules of a recorded machine', () => {
  const firewall = (files: Record<string, string>, errors?: Record<string, string>) =>
    readFirewall(recording(files, errors))

  test('a table that nft shows in part is that of iptables', async () => {
    const { chains, gaps } = await firewall({
      'tool/nft.json': read('docker-ufw.nft.json'),
      'tool/iptables-save': read('docker-ufw.iptables-nft-save'),
    })
    expect(gaps).toEqual([])
    expect(new Set(chains.map(({ tool }) => tool))).toEqual(new Set(['iptables-nft']))
    expect(chains.filter(({ name }) => name === 'INPUT')).toHaveLength(2)
  })

  test('without iptables-save what is hidden is said, table by table', async () => {
    const { chains, gaps } = await firewall({ 'tool/nft.json': read('docker-ufw.nft.json') })
    expect(new Set(chains.map(({ tool }) => tool))).toEqual(new Set(['nft']))
    expect(gaps.map(({ reason, message }) => [reason, message])).toEqual([
      ['hidden', 'the table ip nat holds rules of iptables that only iptables-save shows whole'],
      ['hidden', 'the table ip filter holds rules of iptables that only iptables-save shows whole'],
    ])
  })

  test('legacy tables stand beside those of nft', async () => {
    const { chains, gaps } = await firewall({
      'tool/nft.json': read('nft-zoo.json'),
      'net/ip_tables_names': 'filter\n',
      'tool/iptables-legacy-save': read('docker-ufw.iptables-legacy-save'),
    })
    expect(gaps).toEqual([])
    expect(new Set(chains.map(({ tool }) => tool))).toEqual(new Set(['nft', 'iptables-legacy']))
  })

  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['refused', {}, { 'tool/nft.json': 'EPERM' }, ['the firewall could not be read (root)']],
    ['not recorded', {}, {}, ['the recording holds no firewall rules']],
    ['cut', { 'tool/nft.json': '{"nftables": [' }, {}, ['what nft printed is not whole, or no ruleset']],
    [
      'legacy tables that were not recorded',
      { 'tool/nft.json': '{"nftables": []}', 'net/ip_tables_names': 'filter\n' },
      {},
      ['iptables-legacy-save did not answer: tables of legacy iptables'],
    ],
    [
      'iptables-save cut',
      {
        'tool/nft.json': read('docker-ufw.nft.json'),
        'tool/iptables-save': read('docker-ufw.iptables-nft-save').slice(0, 900),
      },
      {},
      [
        'what iptables-save printed is not whole',
        'the table ip nat holds rules of iptables that only iptables-save shows whole',
      ],
    ],
  ])('%s: a gap is said', async (_, files, errors, messages) => {
    const { gaps } = await firewall(files, errors)
    expect(gaps.map(({ message }) => message)).toEqual(messages)
  })
})

describe('flows of a recorded machine', () => {
  test('as its file has them', async () => {
    const reading = await readConntrack(recording({ 'net/nf_conntrack': read('published.nf_conntrack') }))
    expect([reading.flows.length, reading.isCut, reading.error]).toEqual([7, false, undefined])
  })

  test.each([
    ['ENOENT', {}],
    ['EACCES', { 'net/nf_conntrack': 'EACCES' }],
  ])('%s', async (error, errors) => {
    expect(await readConntrack(recording({}, errors))).toEqual({ flows: [], isCut: false, error })
  })
})
