import { describe, expect, test } from 'vitest'
import { parseHostFile } from './parse-host-file.ts'
import { MOST_HOSTS, parseHosts } from './parse-hosts.ts'

const groups = new Map([
  ['web', ['web[1-2]', 'proxy']],
  ['all', ['@web', 'db']],
  ['loop', ['@round']],
  ['round', ['@loop']],
])

describe('names', () => {
  test.each([
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [' a , b ', ['a', 'b']],
    ['a,a,b', ['a', 'b']],
    ['b[01-03]', ['b01', 'b02', 'b03']],
    ['b[9-11]', ['b9', 'b10', 'b11']],
    ['b[1,3-5]', ['b1', 'b3', 'b4', 'b5']],
    ['r[1-2]n[1-2]', ['r1n1', 'r1n2', 'r2n1', 'r2n2']],
    ['r[1-2].example.org,x', ['r1.example.org', 'r2.example.org', 'x']],
    ['root@10.0.0.1,fe80::1%eth0', ['root@10.0.0.1', 'fe80::1%eth0']],
    ['@web', ['web1', 'web2', 'proxy']],
    ['@all,web1,last', ['web1', 'web2', 'proxy', 'db', 'last']],
  ])('%s', (text, names) => {
    expect(parseHosts(text, groups)).toEqual(names)
  })

  test.each([
    ['', 'no host is named'],
    ['a,,b', 'without a name'],
    ['a,', 'without a name'],
    ['-oProxyCommand=id', 'is no name of a host'],
    ['root@-oProxyCommand=id', 'is no name of a host'],
    ['-F/x@host', 'is no name of a host'],
    ['a b', 'is no name of a host'],
    ['a;id', 'is no name of a host'],
    ['$(id)', 'is no name of a host'],
    ['a`id`', 'is no name of a host'],
    ['a\nb', 'is no name of a host'],
    ['a\x1b[2J', 'is no name of a host'],
    ['bücher', 'is no name of a host'],
    ['x'.repeat(256), 'is no name of a host'],
    ['b[3-1]', 'is no range'],
    ['b[]', 'is no range'],
    ['b[x]', 'is no range'],
    ['b[1', 'is no name of a host'],
    [`b[1-${MOST_HOSTS + 1}]`, 'more than'],
    ['b[1-99][1-99]', 'more than'],
    ['b[1-999999999]', 'more than'],
    ['@none', 'no group @none'],
    ['@loop', 'holds itself'],
  ])('refuses %j', (text, message) => {
    expect(() => parseHosts(text, groups)).toThrow(message)
  })

  test('as many as may be', () => {
    expect(parseHosts(`b[1-${MOST_HOSTS}]`)).toHaveLength(MOST_HOSTS)
  })
})

describe('a file of hosts', () => {
  test('hosts, groups, comments', () => {
    const text = '# ours\na, b[1-2]\nfe80::1 # by cable\n\nweb: web[1, 2] proxy\nweb: web3\nempty:\n'
    expect(parseHostFile(text, 'hosts')).toEqual({
      hosts: ['a', 'b[1-2]', 'fe80::1'],
      groups: new Map([
        ['web', ['web[1, 2]', 'proxy', 'web3']],
        ['empty', []],
      ]),
    })
  })

  test('what is no group', () => {
    expect(() => parseHostFile('a\n@x: b\n', 'hosts')).toThrow('line 2 of hosts begins no group: @x: b')
  })
})
