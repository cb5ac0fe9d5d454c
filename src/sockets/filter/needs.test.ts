import { describe, expect, test } from 'vitest'
import { ALL_TABLES } from '../tables/read-tables.ts'
import { maySelect, needsOf, selectsOnlyListeners } from './needs.ts'
import { parseFilter } from './language/parse-filter.ts'

const tree = (line: string) => parseFilter(line, { family: 'inet', service: () => [] }).tree
const NOTHING = {
  owners: undefined,
  reasons: false,
  details: false,
  kernel: false,
  tcpInfo: false,
  bound: false,
  states: false,
}

describe('what has to be read', () => {
  test.each([
    ['sport = 80', {}],
    ['state established', { states: true }],
    ['state bound-inactive', { states: true, bound: true }],
    ['state all', { states: true }],
    ['pid = 1 or sport = 80', { owners: 'name' }],
    ['pid = 1 unit = x', { owners: 'full' }],
    ['reason = orphan', { owners: 'name', reasons: true }],
    ['user = root', { details: true }],
    ['fwmark = 1', { kernel: true }],
    ['dev eth0', { kernel: true }],
    ['dst unix:*x', { kernel: true }],
    ['src unix:*x', {}],
    ['rtt > 5ms', { kernel: true, tcpInfo: true }],
  ])('%s', (line, needs) => expect(needsOf(tree(line))).toEqual({ ...NOTHING, ...needs }))

  test.each([
    ['src unix:*x', ['unix']],
    ['not src unix:*x', ['unix']],
    ['src netlink:rtnl', ['netlink']],
    ['src link:arp', ['packet']],
    ['src vsock:*', []],
    ['sport = 80 src inet:10.0.0.1', ['tcp', 'sctp', 'udp', 'udplite', 'raw', 'icmp']],
    ['src unix:*x or dport = 80', ALL_TABLES.filter(table => table !== 'packet' && table !== 'netlink')],
    ['rtt > 5ms', ['tcp', 'tcp6']],
    ['pid = 1', ALL_TABLES],
    ['dst *', ALL_TABLES],
  ])('%s reads the tables %j', (line, tables) => {
    expect(ALL_TABLES.filter(table => maySelect(tree(line), table, false))).toEqual(tables)
  })

  test.each([
    ['state listening', true],
    ['state listening sport = 80 or sport = 81', true],
    ['sport = 80 state listening', true],
    ['state listening or sport = 80', false],
    ['exclude connected exclude unconnected', true],
    ['not state connected', false],
    ['sport = 80', false],
    ['dst unix:*x', false],
    ['state listening or dst unix:*x', false],
    ['src unix:*x state listening', true],
  ])('%s: only listeners %s', (line, only) => expect(selectsOnlyListeners(tree(line))).toBe(only))
})
