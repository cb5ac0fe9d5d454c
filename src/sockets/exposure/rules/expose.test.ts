import { describe, expect, test } from 'vitest'
import { parseNftRuleset } from '../../../firewall/tables/nft-ruleset.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { Socket } from '../../model.ts'
import type { PublishedPort } from '../../published/published-port.ts'
import type { InetRow } from '../../tables/inet-row.ts'
import { signaturesOf } from './signatures.ts'
import { exposedListeners, exposedPublications, type ExposureFacts } from './expose.ts'

/** Port 80 is accepted at one of two addresses; 8080 is published. */
const { chains } = parseNftRuleset(
  JSON.stringify({
    nftables: [
      { chain: { family: 'ip', table: 't', name: 'in', type: 'filter', hook: 'input', prio: 0, policy: 'drop' } },
      { chain: { family: 'ip', table: 't', name: 'pre', type: 'nat', hook: 'prerouting', prio: -100 } },
      {
        rule: {
          family: 'ip',
          table: 't',
          chain: 'in',
          expr: [
            { match: { op: '==', left: { payload: { protocol: 'ip', field: 'daddr' } }, right: '192.0.2.1' } },
            { accept: null },
          ],
        },
      },
      {
        rule: {
          family: 'ip',
          table: 't',
          chain: 'pre',
          expr: [
            { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 8080 } },
            { dnat: { addr: '172.18.0.2', port: 80 } },
          ],
        },
      },
    ],
  }),
)!

const facts: ExposureFacts = {
  chains,
  gaps: [],
  routes: [],
  interfaces: [],
  localAddresses: ['127.0.0.1', '192.0.2.1', '192.0.2.2'],
  links: new Map(),
  signatures: signaturesOf(chains),
}

const socket = (table: InetRow['table'], localAddress: string, localPort: number, pid: number): Socket => ({
  row: { table, localAddress, localPort, inode: String(pid), state: TCP_STATE.listen } as InetRow,
  owners: [{ process: { pid }, heldBy: 'fd', fds: [3] }],
})

describe('listeners', () => {
  test('addresses with another answer are another way', () => {
    const [listener] = exposedListeners([socket('tcp', '0.0.0.0', 80, 1)], facts)
    expect(listener!.paths.map(({ addresses, firewall }) => [addresses, firewall?.answer])).toEqual([
      [['192.0.2.1'], 'accepted'],
      [['192.0.2.2'], 'dropped'],
      [['127.0.0.1'], undefined],
    ])
  })

  test('sockets that share a port (SO_REUSEPORT) are one line with all owners', () => {
    const found = exposedListeners([socket('tcp', '0.0.0.0', 80, 1), socket('tcp', '0.0.0.0', 80, 2)], facts)
    expect(found.map(({ owners }) => owners.map(({ process }) => process.pid))).toEqual([[1, 2]])
  })

  test('sockets of other families have no such port', () => {
    expect(exposedListeners([{ row: { table: 'unix', inode: '1' } as Socket['row'], owners: [] }], facts)).toEqual([])
  })
})

const published = (rest: Partial<PublishedPort> = {}): PublishedPort => ({
  protocol: 'tcp',
  family: 4,
  address: undefined,
  ports: [8080, 8080],
  inodes: [],
  evidence: [{ kind: 'rule', by: 'nft' }],
  to: { address: '172.18.0.2', port: 80 },
  answers: [],
  ...rest,
})

describe('published ports', () => {
  test('tell where the chain input would have dropped them', () => {
    const [found] = exposedPublications([published({ address: '192.0.2.2' })], facts)
    expect(found!.paths.map(({ firewall }) => firewall?.answer)).toEqual(['accepted'])
    expect(found!.passesInput).toMatchObject({ verdict: 'drop', text: 'policy drop' })
  })

  test('and say nothing of it where it would have let them in', () => {
    expect(exposedPublications([published({ address: '192.0.2.1' })], facts)[0]!.passesInput).toBeUndefined()
  })

  test.each<[string, Partial<PublishedPort>]>([
    ['by a proxy alone are listeners', { evidence: [{ kind: 'proxy', by: 'docker-proxy', pid: 1 }] }],
    ['of every port are none that can be asked for', { ports: undefined }],
  ])('%s', (_, rest) => {
    expect(exposedPublications([published(rest)], facts)).toEqual([])
  })
})
