import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { inetSocket, processOwner } from '../../../test/support/filter-context.ts'
import { GROUP_KEY_NAMES, ownersFor, type GroupKeyName } from './group-keys.ts'
import { groupSockets } from './group-sockets.ts'

const context = { user: (uid: number) => (uid === 0 ? 'root' : undefined) }
const cat = processOwner({ pid: 9, args: ['cat'], startedAt: '2026-01-02T00:00:00.000Z' })
const nginx = processOwner({
  pid: 812,
  args: ['nginx', '-g'],
  startedAt: '2026-01-01T00:00:00.000Z',
  unit: 'nginx.service',
})
const worker = processOwner({
  pid: 813,
  args: ['nginx', '-g'],
  startedAt: '2026-01-03T00:00:00.000Z',
  unit: 'nginx.service',
})

const group = (sockets: Parameters<typeof groupSockets>[0], ...keys: GroupKeyName[]) =>
  groupSockets(sockets, keys, context)

describe('groups of sockets', () => {
  test('a socket of several processes counts in the group of each, the total once', () => {
    const shared = inetSocket({ rxQueueBytes: 5 }, { owners: [nginx, worker] })
    const alone = inetSocket({ rxQueueBytes: 2, txQueueBytes: 1, state: 8 }, { owners: [nginx] })
    expect(group([shared, alone], 'process')).toMatchObject({
      sockets: 2,
      shared: 1,
      groups: [
        {
          values: ['812/nginx'],
          sockets: 2,
          shared: 1,
          rxQueueBytes: 7,
          txQueueBytes: 1,
          oldestStartedAt: '2026-01-01T00:00:00.000Z',
        },
        { values: ['813/nginx'], sockets: 1, shared: 1, rxQueueBytes: 5, oldestStartedAt: '2026-01-03T00:00:00.000Z' },
      ],
    })
  })

  test('processes that are one group count its sockets once, and the oldest is told', () => {
    const shared = inetSocket({}, { owners: [worker, nginx, cat] })
    const { groups, shared: several } = group([shared], 'unit')
    expect(several).toBe(1)
    expect(groups.map(({ values, sockets, oldestStartedAt }) => [values, sockets, oldestStartedAt])).toEqual([
      [[undefined], 1, '2026-01-02T00:00:00.000Z'],
      [['nginx.service'], 1, '2026-01-01T00:00:00.000Z'],
    ])
    expect(group([shared], 'state').shared).toBe(0)
  })

  test('sockets without an owner are divided by the reason, where the keys are of owners', () => {
    const sockets = [
      inetSocket({ state: 6, inode: '0', timer: 3 }, { owners: [], ownerless: { reason: 'time-wait' } }),
      inetSocket({}, { owners: [], ownerless: { reason: 'hidden' } }),
    ]
    expect(group(sockets, 'program').groups.map(({ values, ownerless }) => [values, ownerless])).toEqual([
      [[undefined], 'hidden'],
      [[undefined], 'time-wait'],
    ])
    expect(group(sockets, 'proto').groups).toHaveLength(1)
  })

  test('the queue of a listener counts connections, not bytes', () => {
    const listener = inetSocket({ state: 10, rxQueueBytes: 3, remotePort: 0 })
    expect(group([listener], 'proto').groups[0]).toMatchObject({
      rxQueueBytes: undefined,
      acceptQueueConnections: 3,
      states: new Map([['LISTEN', 1]]),
    })
  })

  test.each<[GroupKeyName, string | undefined]>([
    ['user', 'root'],
    ['proto', 'tcp'],
    ['state', 'ESTABLISHED'],
    ['local-address', '10.0.0.1'],
    ['local-port', '8080'],
    ['foreign-address', '10.0.0.2'],
    ['foreign-port', '40000'],
    ['netns', undefined],
    ['reason', undefined],
    ['container', undefined],
  ])('%s of a connection is %s', (key, value) => {
    expect(group([inetSocket({})], key).groups[0]!.values).toEqual([value])
  })

  test('owners are read only where a key asks for them', () => {
    expect(ownersFor(['proto', 'state'])).toBeUndefined()
    expect(ownersFor(['proto', 'process'])).toBe('name')
    expect(ownersFor(['unit', 'process'])).toBe('full')
  })

  test('however sockets are grouped, each counts in at least one group, and in one only where it is not shared', () => {
    const socket = fc
      .record({ state: fc.constantFrom(1, 6, 8, 10), localPort: fc.nat(3), owners: fc.subarray([cat, nginx, worker]) })
      .map(({ owners, ...row }) => inetSocket(row, { owners }))
    const keys = fc.uniqueArray(fc.constantFrom(...GROUP_KEY_NAMES), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(fc.array(socket, { maxLength: 12 }), keys, (sockets, names) => {
        const { groups, shared, sockets: total } = group(sockets, ...names)
        const counted = groups.reduce((sum, one) => sum + one.sockets - one.shared, 0)
        expect(counted + shared).toBe(total)
        expect(groups.every(one => [...one.states.values()].reduce((a, b) => a + b, 0) === one.sockets)).toBe(true)
      }),
    )
  })
})
