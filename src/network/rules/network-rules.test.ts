import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CounterGroup, CountersReport, DeviceCounters, NetworkInterface } from '../model.ts'
import { selectedGroups } from './counter-selection.ts'
import { inNetstatOrder } from './interface-order.ts'
import { interfaceTroubles } from './interface-troubles.ts'
import { counted, counterChanges } from './rates.ts'
import { fileWarnings, interfaceWarnings, routeWarnings } from './view-warnings.ts'

const report = (values: Record<string, bigint>, protocol = 'Tcp'): CountersReport => ({
  groups: [
    {
      protocol,
      file: 'net/snmp',
      counters: Object.entries(values).map(([name, value]) => ({ name, value })),
    },
  ],
  missing: [],
})

describe('what was counted between two readings', () => {
  test.each([
    ['forward', 5n, 12n, 7n],
    ['nothing', 5n, 5n, 0n],
    ['over the end of 64 bits', 2n ** 64n - 3n, 4n, 7n],
    ['over the end of 32 bits', 2n ** 32n - 3n, 4n, 7n],
    ['set back', 1000n, 4n, undefined],
    ['set back from near the end of 32 bits to far from its beginning', 2n ** 32n - 3n, 2n ** 32n - 4n, undefined],
  ])('%s', (_, before, after, delta) => {
    expect(counted(before, after)).toBe(delta)
  })

  test('any short step over the end of 64 bits', () => {
    const step = fc.bigInt({ min: 1n, max: 2n ** 40n })
    fc.assert(
      fc.property(step, step, (left, over) => {
        expect(counted(2n ** 64n - left, over - 1n)).toBe(left + over - 1n)
      }),
    )
  })

  test('rates, gauges and settings', () => {
    const before = report({ InSegs: 10n, CurrEstab: 5n, RtoMin: 200n, OutRsts: 9n })
    const after = report({ InSegs: 30n, CurrEstab: 2n, RtoMin: 300n, OutRsts: 1n, NewHere: 3n })
    expect(counterChanges(before, after, 4)).toEqual([
      { protocol: 'Tcp', name: 'InSegs', delta: 20n, perS: 5 },
      { protocol: 'Tcp', name: 'CurrEstab', delta: -3n, perS: undefined },
      { protocol: 'Tcp', name: 'OutRsts', delta: undefined, perS: undefined },
    ])
  })

  test('a counter is itself only under its own protocol', () => {
    expect(counterChanges(report({ InErrs: 1n }, 'Udp'), report({ InErrs: 2n }, 'Tcp'), 1)).toEqual([])
  })
})

describe('-t -u -w and -4 -6', () => {
  const none = { tcp: false, udp: false, udplite: false, raw: false, sctp: false, ipv4: false, ipv6: false }
  const names = ['Ip', 'Icmp', 'Tcp', 'Udp', 'TcpExt', 'IpExt', 'MPTcpExt', 'Ip6', 'Udp6', 'UdpLite6', 'FutureExt']
  const groups = names.map((protocol): CounterGroup => ({ protocol, file: 'net/snmp', counters: [] }))

  test.each([
    ['nothing', {}, names],
    ['-t', { tcp: true }, ['Tcp', 'TcpExt', 'MPTcpExt']],
    ['-u', { udp: true }, ['Udp', 'Udp6']],
    ['-w', { raw: true }, ['Ip', 'Icmp', 'IpExt', 'Ip6']],
    ['-6', { ipv6: true }, ['Tcp', 'TcpExt', 'MPTcpExt', 'Ip6', 'Udp6', 'UdpLite6']],
    ['-u4', { udp: true, ipv4: true }, ['Udp']],
  ])('%s', (_, letters, expected) => {
    expect(selectedGroups(groups, { ...none, ...letters }).map(({ protocol }) => protocol)).toEqual(expected)
  })
})

test("netstat's order of interfaces", () => {
  const names = ['v10', 'eth0:2', 'v2', 'eth', 'eth10', 'eth0', 'eth0:1', 'lo', 'br0']
  expect(inNetstatOrder(names.map(name => ({ name }))).map(({ name }) => name)).toEqual([
    'br0',
    'eth',
    'eth0',
    'eth0:1',
    'eth0:2',
    'eth10',
    'lo',
    'v2',
    'v10',
  ])
})

const traffic = (values: Record<string, bigint>) =>
  ({ errs: 0n, drop: 0n, fifo: 0n, frame: 0n, colls: 0n, carrier: 0n, ...values }) as never
const device = (rx: Record<string, bigint>, details: Record<string, bigint> = {}): NetworkInterface => ({
  name: 'eth0',
  counters: { name: 'eth0', rx: traffic(rx), tx: traffic({}) } satisfies DeviceCounters,
  facts: {
    index: 2,
    mtu: 1500,
    flags: 0x1043,
    operState: 'up',
    txQueueLength: 1000,
    hardwareType: 1,
    hardwareAddress: '02:00:00:00:00:01',
    details: new Map(Object.entries(details)),
  },
  addresses: [],
})

describe('what went wrong on an interface', () => {
  test('nothing', () => {
    expect(interfaceTroubles(device({}))).toEqual([])
    expect(interfaceTroubles({ ...device({ drop: 3n }), counters: undefined })).toEqual([])
  })

  test('drops, told apart', () => {
    expect(interfaceTroubles(device({ drop: 7n }, { rx_dropped: 2n, rx_missed_errors: 5n }))).toEqual([
      'RX-DRP 7: packets arrived and were dropped: no room in a queue, or nothing here takes their protocol; 2 the kernel dropped after the driver had taken them: no memory, a full queue, a filter; 5 the card had no room for: the host fetches too slowly',
    ])
  })

  test('without the details of /sys', () => {
    expect(interfaceTroubles(device({ errs: 1n }))).toEqual(['RX-ERR 1: packets arrived broken'])
  })
})

describe('remarks', () => {
  const route = { family: 'inet', interfaceName: '*', flags: 1 } as never

  test('what /proc does not tell of routes', () => {
    const rejecting = { family: 'inet', interfaceName: '*', flags: 0x201 } as never
    const [warning] = routeWarnings({ routes: [route, rejecting], full: undefined, bogus: [], missing: [] }, false)
    expect(warning).toMatchObject({ code: 'routes-partial', message: expect.stringContaining('1 of them without') })
  })

  test('nothing where ip(8) told it, or there is no route', () => {
    expect(routeWarnings({ routes: [route], full: [], bogus: [], missing: [] }, false)).toEqual([])
    expect(routeWarnings({ routes: [], full: undefined, bogus: [], missing: [] }, false)).toEqual([])
  })

  test('facts of interfaces', () => {
    const interfaces = [device({}), { ...device({}), facts: undefined }]
    const rest = { ipv4AddressesKnown: false, bogus: [], missing: [] }
    expect(interfaceWarnings({ interfaces, ...rest }, { extend: false, recorded: true })).toMatchObject([
      { code: 'interfaces-partial', message: expect.stringContaining('MTU and flags of an interface are') },
    ])
    expect(interfaceWarnings({ interfaces: [device({})], ...rest }, { extend: false, recorded: true })).toEqual([])
    expect(interfaceWarnings({ interfaces: [device({})], ...rest }, { extend: true, recorded: true })).toHaveLength(1)
  })

  test('files', () => {
    const bogus = [{ file: 'net/route', line: 3, text: 'rubbish' }]
    expect(fileWarnings({ bogus, missing: [{ path: 'net/igmp', code: 'ENOENT' }] }, true)).toEqual([
      { code: 'file-missing', message: 'net/igmp could not be read: the recording does not hold it' },
      {
        code: 'lines-skipped',
        message: '1 line of net/route could not be read and was left out; line 3 reads: rubbish',
      },
    ])
  })
})
