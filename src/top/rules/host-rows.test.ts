import { expect, test } from 'vitest'
import { sampleOf } from '../../../test/support/top-sample.ts'
import { hostRows, networkOf } from './host-rows.ts'

const sample = sampleOf(
  [
    { owner: 7, remote: '198.51.100.7:1', received: 1, sent: 2, rttUs: 10, unread: 5 },
    { owner: 8, remote: '198.51.100.7:2', received: 1, sent: 2, rttUs: 20 },
    { owner: 8, remote: '198.51.100.7:3', received: 0, sent: 0 },
    { owner: 8, remote: '198.51.100.9:3' },
  ],
  { 7: {}, 8: {} },
)

test('by address: sums, the mean round trip, programs by their connections', () => {
  expect(hostRows(sample, 'address')).toMatchObject([
    {
      name: '198.51.100.7',
      connections: 3,
      received: 2,
      sent: 4,
      rttUs: 15,
      unread: 5,
      programs: ['program8', 'program7'],
    },
    { name: '198.51.100.9', connections: 1, received: undefined, rttUs: undefined },
  ])
})

test('by network: its addresses are those that Enter shows', () => {
  const [network] = hostRows(sample, 'network')
  expect(network).toMatchObject({ name: '198.51.100.0/24', connections: 4 })
  expect([...network!.addresses]).toEqual(['198.51.100.7', '198.51.100.9'])
})

test.each([
  ['198.51.100.7', '198.51.100.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::', 'fe80:0:0:0::/64'],
])('the network of %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
