import { expect, test } from 'vitest'
import { TrafficOwners, UNKNOWN_OWNER } from './traffic-owners.ts'

const worker = (pid: number, program = 'nginx') => ({ pid, startTicks: pid, program, unit: 'nginx.service' })

test('the same process has the same number, another program of that pid another', () => {
  const owners = new TrafficOwners()
  const number = owners.numberOf(worker(7))
  expect(owners.numberOf(worker(7))).toBe(number)
  expect(owners.numberOf(worker(7, 'sh'))).not.toBe(number)
  expect(owners.ownerOf(number)).toEqual(worker(7))
  expect(owners.ownerOf(UNKNOWN_OWNER)).toBeUndefined()
})

test('a group keeps what its processes counted that are forgotten', () => {
  const owners = new TrafficOwners()
  const [a, b] = [owners.numberOf(worker(7)), owners.numberOf(worker(8))]
  owners.add(a, 1, 2, 3, 4, 5)
  owners.add(b, 10, 0, 0, 0, 0)
  owners.keepOnly(number => number === b)
  expect(owners.numbers()).toEqual([UNKNOWN_OWNER, b])
  expect(owners.groups()).toEqual([
    { group: undefined, counters: { receivedBytes: 0, sentBytes: 0, retransmits: 0, opened: 0, closed: 0 } },
    {
      group: { program: 'nginx', unit: 'nginx.service', container: undefined },
      counters: { receivedBytes: 11, sentBytes: 2, retransmits: 3, opened: 4, closed: 5 },
    },
  ])
})

test('a number that is given again begins with nothing', () => {
  const owners = new TrafficOwners()
  const gone = owners.numberOf(worker(7))
  owners.add(gone, 1, 1, 1, 1, 1)
  owners.mark()
  owners.keepOnly(() => false)
  const next = owners.numberOf(worker(9, 'redis'))
  expect(next).toBe(gone)
  expect([owners.countersOf(next).sentBytes, owners.amountsOf(next).sentBytes]).toEqual([0, 0])
})

test('beyond the bound groups are one', () => {
  const owners = new TrafficOwners(2)
  for (const pid of [1, 2, 3, 4]) owners.add(owners.numberOf(worker(pid, `p${pid}`)), 1, 0, 0, 0, 0)
  expect(
    owners.groups().map(({ group, counters }) => [group === 'other' ? group : group?.program, counters.receivedBytes]),
  ).toEqual([
    [undefined, 0],
    ['other', 2],
    ['p1', 1],
    ['p2', 1],
  ])
})
