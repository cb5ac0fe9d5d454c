import { expect, test } from 'vitest'
import {
  parseHostAddresses,
  parseHosts,
  parseNetworks,
  parsePasswd,
  parseProtocolNames,
  parseServices,
} from './etc-files.ts'

test('services by port and protocol, the first name counts', () => {
  const text = '# ports\nssh\t22/tcp\t# Secure\nssh-alt 22/tcp\ndomain 53/udp\nbroken 99\n #http 80/tcp\n'
  expect([...parseServices(text)]).toEqual([
    ['22/tcp', 'ssh'],
    ['53/udp', 'domain'],
  ])
})

test('users by id, the first name counts, a line without an id does not', () => {
  const text = 'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:\nbob:x:1000:1000::/home/bob:\n+::::::\nbad:x:-1:\n'
  expect([...parsePasswd(text)]).toEqual([
    [0, 'root'],
    [1000, 'bob'],
  ])
})

test('hosts by address, the first name counts, comments do not', () => {
  const text = '127.0.0.1\tlocalhost web1 # me\n#10.0.0.1 secret\n::1 ip6-localhost\n127.0.0.1 other\n10.0.0.2\n'
  expect([...parseHosts(text)]).toEqual([
    ['127.0.0.1', 'localhost'],
    ['::1', 'ip6-localhost'],
  ])
})

test('addresses of a name, whichever place it has, blind to case', () => {
  const text = '127.0.0.1 localhost Web1\n::1 localhost\n127.0.0.1 web1\n10.0.0.1 other # web1\n'
  expect(parseHostAddresses(text, 'WEB1')).toEqual(['127.0.0.1'])
  expect(parseHostAddresses(text, 'localhost')).toEqual(['127.0.0.1', '::1'])
  expect(parseHostAddresses(text, 'web')).toEqual([])
})

test('protocols by number', () => {
  expect([...parseProtocolNames('ip 0 IP\nicmp\t1\tICMP\nhopopt 0 HOPOPT\n# tcp 6\n')]).toEqual([
    [0, 'ip'],
    [1, 'icmp'],
  ])
})

test('networks: names by address, with the parts that were left out', () => {
  expect([...parseNetworks('# none\ndefault 0.0.0.0\nloopback 127.0.0.0\nlab 10.7 # ours\nbroken x\n')]).toEqual([
    ['0.0.0.0', 'default'],
    ['127.0.0.0', 'loopback'],
    ['10.7.0.0', 'lab'],
  ])
})
