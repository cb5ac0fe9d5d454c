import { expect, test } from 'vitest'
import { machineNumbers } from './machine-numbers.ts'

const FILES: Readonly<Record<string, string>> = {
  'net/sockstat': 'sockets: used 9\nTCP: inuse 2 orphan 1 tw 3 alloc 78 mem 12\nUDP: inuse 0 mem 4\n',
  'sys/net/ipv4/tcp_max_orphans': '16384\n',
  'sys/net/ipv4/tcp_mem': '100\t200\t300\n',
}
const read = (path: string) => (FILES[path] === undefined ? undefined : Buffer.from(FILES[path]))

test('only what is of the whole machine: neither inuse nor tw', () => {
  expect(machineNumbers(read)).toEqual({
    tcpAllocated: 78,
    tcpOrphans: 1,
    tcpMostOrphans: 16_384,
    tcpMemoryPages: 12,
    tcpMemoryPressurePages: 200,
    tcpMemoryMostPages: 300,
    udpMemoryPages: 4,
  })
})

test('what is not there is not known', () => {
  expect(Object.values(machineNumbers(() => undefined)).filter(value => value !== undefined)).toEqual([])
})
