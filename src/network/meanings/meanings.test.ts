import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { groupMeaning } from './group-meanings.ts'
import { kindOf, meaningOf, PROTOCOL_TITLES } from './meanings.ts'
import { readCounters } from '../read/read-counters.ts'
import { fixture } from '../../../test/support/paths.ts'

const countersBelow = (root: string) =>
  readCounters({ readFile: path => readFileSync(`${root}/${path}`) }).groups.flatMap(({ protocol, counters }) =>
    counters.map(({ name }) => ({ protocol, name })),
  )

describe('every counter has a text', () => {
  test('of Linux 6.18', () => {
    const counters = countersBelow(fixture('netstat/every-counter/proc'))
    expect(counters.length).toBeGreaterThan(350)
    expect(counters.filter(({ protocol, name }) => meaningOf(protocol, name) === undefined)).toEqual([])
    expect(counters.filter(({ protocol }) => PROTOCOL_TITLES[protocol] === undefined)).toEqual([])
  })

  test.runIf(existsSync('/proc/net/snmp'))('of this kernel', () => {
    const unknown = countersBelow('/proc').filter(({ protocol, name }) => meaningOf(protocol, name) === undefined)
    expect(unknown).toEqual([])
  })

  test('a text says more than the name', () => {
    for (const { protocol, name } of countersBelow(fixture('netstat/every-counter/proc')))
      expect(meaningOf(protocol, name)).toMatch(/ /)
  })
})

test.each([
  ['Ip6', 'Ip6InOctets', 'bytes that arrived, IP headers included'],
  ['IpExt', 'InOctets', 'bytes that arrived, IP headers included'],
  ['IcmpMsg', 'InType8', 'received: echo requests: ping (type 8)'],
  ['IcmpMsg', 'OutType250', 'sent: messages (type 250)'],
  ['Icmp6', 'Icmp6OutType135', 'sent: neighbour solicitations (type 135)'],
  ['Udp', 'InType3', undefined],
  ['Tcp', 'ListenDrops', undefined],
  ['TcpExt', 'constructor', undefined],
  ['Nothing', 'InSegs', undefined],
])('%s %s', (protocol, name, meaning) => {
  expect(meaningOf(protocol, name)).toBe(meaning)
})

test('kinds', () => {
  expect(['CurrEstab', 'RtoMin', 'InSegs'].map(kindOf)).toEqual(['gauge', 'setting', 'counter'])
})

test.each([
  ['224.0.0.251', 'mDNS (avahi)'],
  ['ff02::1:ff34:5678', 'who has an address with these last digits (neighbour discovery)'],
  ['ff02::1:fe34:5678', undefined],
  ['239.1.2.3', undefined],
])('the group %s', (group, meaning) => {
  expect(groupMeaning(group)).toBe(meaning)
})
