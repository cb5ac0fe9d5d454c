import { expect, test } from 'vitest'
import type { Socket } from '../../model.ts'
import type { InetRow } from '../../tables/inet-row.ts'
import type { PublishedPort } from '../published-port.ts'
import { attachPublished, isPublishedAt } from './attach.ts'

const socket = (inode: string): Socket => ({ row: { table: 'tcp', inode } as InetRow, owners: [] })

const port = (facts: Partial<PublishedPort>): PublishedPort => ({
  protocol: 'tcp',
  family: 4,
  address: undefined,
  ports: [8080, 8080],
  inodes: [],
  evidence: [],
  to: { address: '172.18.0.2', port: 80 },
  answers: [],
  ...facts,
})

const answeredBy = (inode: string): PublishedPort['answers'] => [
  { namespace: { netns: 'net:[2]', label: 'web' }, listener: { inode, address: '0.0.0.0', port: 80, owners: [] } },
]

const LISTED = { tables: ['tcp', 'tcp6', 'udp'] as const, listeners: true, ports: [] }

test('the host’s socket leads to the container’s, which is reached through it', () => {
  const proxied = port({ inodes: ['1'], answers: answeredBy('2') })
  const { told, without } = attachPublished([socket('1'), socket('2'), socket('3')], [proxied], LISTED)
  const [host, container, other] = told
  expect(host!.publishing).toEqual({ to: [proxied], from: [] })
  expect(container!.publishing).toEqual({ to: [], from: [proxied] })
  expect(other!.publishing).toBeUndefined()
  expect(without).toEqual([])
})

test('a port without a socket is a row of its own', () => {
  const { told, without } = attachPublished([socket('1')], [port({})], LISTED)
  expect(told.map(({ row }) => row.inode)).toEqual(['1'])
  expect(without[0]).toMatchObject({
    row: { table: 'tcp', localAddress: '0.0.0.0', localPort: 8080, inode: '0' },
    owners: undefined,
    publishing: { withoutSocket: true },
  })
})

test.each<[string, Partial<PublishedPort>, string | undefined]>([
  ['IPv6', { family: 6 }, 'tcp6'],
  ['both families', { family: undefined }, 'tcp'],
  ['udp', { protocol: 'udp' }, 'udp'],
  ['every protocol', { protocol: undefined }, 'tcp'],
  ['a table that is not listed', { protocol: 'udp', family: 6 }, undefined],
  ['another protocol', { protocol: 'sctp' }, undefined],
  ['with a socket', { inodes: ['9'] }, undefined],
])('%s: a row of %s', (_, facts, table) => {
  expect(attachPublished([], [port(facts)], LISTED).without.map(({ row }) => row.table)).toEqual(
    table === undefined ? [] : [table],
  )
})

test('where listeners are not listed there is no row', () => {
  expect(attachPublished([], [port({})], { ...LISTED, listeners: false }).without).toEqual([])
})

test('a port that only answers at a port that was asked for is no row', () => {
  const rows = (ports: number[]) => attachPublished([], [port({})], { ...LISTED, ports }).without.length
  expect([rows([8080]), rows([80]), rows([80, 8080])]).toEqual([1, 0, 1])
  expect(isPublishedAt(undefined, [7])).toBe(true)
})
