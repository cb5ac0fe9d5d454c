import { expect, test } from 'vitest'
import { sampleOf } from '../../../test/support/top-sample.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { connectionRows, type Restriction } from './connection-rows.ts'

const sample = sampleOf(
  [
    { owner: 7, local: '192.0.2.1:80', remote: '198.51.100.7:4000', received: 1, sent: 2, rttUs: 5 },
    { owner: 7, local: '192.0.2.1:80', remote: '198.51.100.8:4001', received: 10, sent: 20, rttUs: 9 },
    { owner: 8, local: '::ffff:192.0.2.1:5000', remote: '::ffff:203.0.113.5:5432', state: TCP_STATE.closeWait },
    { owner: 7, local: '0.0.0.0:80', state: TCP_STATE.listen },
  ],
  { 7: {}, 8: {} },
)

test('one a line, without listeners, mapped addresses as IPv4', () => {
  expect(connectionRows(sample, 'connection')).toMatchObject([
    { local: '192.0.2.1', localPort: 80, remotePort: 4000, received: 1, owner: { pid: 7 }, connections: 1 },
    { remotePort: 4001 },
    { local: '192.0.2.1', remote: '203.0.113.5', received: undefined, state: TCP_STATE.closeWait, owner: { pid: 8 } },
  ])
})

test('what no process holds says why, where that is known', () => {
  const unowned = sampleOf([{ inode: '0' }, { inode: '0', state: TCP_STATE.finWait1 }, { inode: '9' }])
  const reasons = ['accept-queue', 'orphan', undefined]
  expect(connectionRows(unowned, 'connection').map(({ ownerless }) => ownerless)).toEqual(reasons)
  expect(connectionRows(unowned, 'remote')).toMatchObject([{ owner: undefined, ownerless: 'various' }])
})

test.each([
  ['remote', ['198.51.100.7', '198.51.100.8', '203.0.113.5']],
  ['port', [':80 here', ':5432 there']],
  ['state', ['ESTABLISHED', 'CLOSE_WAIT']],
] as const)('by %s', (by, common) => {
  expect(connectionRows(sample, by).map(row => row.common)).toEqual(common)
})

test('a group adds up, and names what all have in common', () => {
  expect(connectionRows(sample, 'port')[0]).toMatchObject({
    connections: 2,
    received: 11,
    sent: 22,
    rttUs: 9,
    owner: { pid: 7 },
    state: TCP_STATE.established,
  })
  const mixed = sampleOf([{ owner: 7 }, { owner: 8, state: TCP_STATE.closeWait }], { 7: {}, 8: {} })
  expect(connectionRows(mixed, 'remote')).toMatchObject([{ owner: undefined, state: undefined, connections: 2 }])
})

test.each<[string, Restriction, number[]]>([
  ['owners', { by: 'owners', owners: new Set([8]) }, [5432]],
  ['port', { by: 'port', port: 80 }, [4000, 4001]],
  ['remote', { by: 'remote', addresses: new Set(['198.51.100.8']) }, [4001]],
  ['destination', { by: 'destination', local: '192.0.2.1', remote: '203.0.113.5', port: 5432 }, [5432]],
  ['another destination', { by: 'destination', local: '192.0.2.9', remote: '203.0.113.5', port: 5432 }, []],
  ['what is common', { by: 'common', grouping: 'state', common: 'CLOSE_WAIT' }, [5432]],
])('only those of %s', (_, only, ports) => {
  expect(connectionRows(sample, 'connection', [only]).map(row => row.remotePort)).toEqual(ports)
})

test('only what the filter selects', () => {
  const filtered = { ...sample, selected: Uint8Array.from([0, 1, 0, 0]) }
  expect(connectionRows(filtered, 'connection').map(row => row.remotePort)).toEqual([4001])
})
