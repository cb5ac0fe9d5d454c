import { expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { look } from '../../../test/support/look-at-sockets.ts'
import { interfaceText } from '../show/cell-text.ts'
import { socketJson } from '../show/socket-json.ts'
import { interfaceNames, parseIgmp, parseInterfaceAddresses } from './interface-names.ts'

const IGMP =
  'Idx\tDevice    : Count Querier\tReporter\n1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n12\teth0.100  :     2      V3\n'
const ADDRESSES =
  '00000000000000000000000000000001 01 80 10 80       lo\nfe80000000000000000000000000abcd 1f 40 20 80    wlan0\n'

test('by IPv4, with a name as long as its column', () => {
  expect(parseIgmp(IGMP)).toEqual([
    [1, 'lo'],
    [12, 'eth0.100'],
  ])
  expect(parseIgmp('7\ta-very-long-nam: 1 V3\n')).toEqual([[7, 'a-very-long-nam']])
})

test('by IPv6, where the index is hex', () => {
  expect(parseInterfaceAddresses(ADDRESSES)).toEqual([
    [1, 'lo'],
    [31, 'wlan0'],
  ])
  expect(parseInterfaceAddresses('fe80 1f 40 20 80 wlan0\n')).toEqual([])
})

test('both of one namespace; none where nothing tells', () => {
  const source = procOf({ files: { '9/net/igmp': IGMP, '9/net/if_inet6': ADDRESSES } })
  expect([...interfaceNames(source, '9/net').keys()]).toEqual([1, 12, 31])
  expect(interfaceNames(source, 'net').size).toBe(0)
})

test('a packet socket is shown with the name of its interface, or the index where that is not known', () => {
  const row = (index: number) => `0000000000000001 3      3    0003   ${index}     1 0  0      ${index}\n`
  const source = procOf({ files: { 'net/packet': `sk\n${row(0)}${row(12)}${row(13)}`, 'net/igmp': IGMP } })
  const { sockets } = look(source, ['packet'])
  expect(sockets.map(socket => interfaceText(socket))).toEqual(['*', 'eth0.100', 'if13'])
  expect(sockets.map(socket => socketJson(socket, 100))).toMatchObject([
    { interfaceIndex: 0 },
    { interfaceIndex: 12, interface: 'eth0.100' },
    { interfaceIndex: 13 },
  ])
})
