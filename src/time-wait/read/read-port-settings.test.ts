import { describe, expect, test } from 'vitest'
import { changing, procOf } from '../../../test/support/fake-proc.ts'
import { readPortSettings } from './read-port-settings.ts'

const FILES = {
  'sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
  'sys/net/ipv4/ip_local_reserved_ports': '8080,9000-9002\n',
  'sys/net/ipv4/tcp_tw_reuse': '2\n',
  'sys/net/ipv4/tcp_ehash_entries': '-262144\n',
  'sys/net/core/somaxconn': '4096\n',
}

test('each setting below sys/; the size of a shared table is negative', () => {
  expect(readPortSettings(procOf({ files: FILES }))).toMatchObject({
    range: { low: 32768, high: 60999 },
    reserved: [
      { low: 8080, high: 8080 },
      { low: 9000, high: 9002 },
    ],
    twReuse: 2,
    ehashEntries: 262144,
    somaxconn: 4096,
    timestamps: undefined,
    twRecycleFiles: [],
  })
})

test.each([
  ['sys/net/ipv4/ip_local_port_range', 'high low', 'range'],
  ['sys/net/ipv4/ip_local_reserved_ports', '80,x', 'reserved'],
  ['sys/net/ipv4/tcp_tw_reuse', 'on', 'twReuse'],
])('%s with %j is not known', (path, text, key) => {
  expect(readPortSettings(procOf({ files: { ...FILES, [path]: text } }))).toMatchObject({ [key]: undefined })
})

describe('a file as sysctl(8) prints', () => {
  const printed = { ...FILES, sysctl: 'net.ipv4.tcp_tw_reuse = 1\n' }

  test('beside bare tables it holds the settings', () => {
    expect(readPortSettings(procOf({ files: printed })).twReuse).toBe(1)
  })

  test('a file of that name in /proc itself would be somebody else’s', () => {
    expect(readPortSettings(changing(procOf({ files: printed }), {})).twReuse).toBe(2)
  })
})

test('files of sysctl.d(5) that still set tcp_tw_recycle; a comment is no setting', () => {
  const files = {
    'self/root/etc/sysctl.d/10-a.conf': 'net.ipv4.tcp_tw_recycle=1\n',
    'self/root/etc/sysctl.d/20-b.conf': '# net.ipv4.tcp_tw_recycle=1\n',
    'self/root/etc/sysctl.d/30-c.txt': 'net.ipv4.tcp_tw_recycle=1\n',
    'self/root/etc/sysctl.conf': 'net/ipv4/tcp_tw_recycle=0\n',
  }
  expect(readPortSettings(procOf({ files })).twRecycleFiles).toEqual(['/etc/sysctl.d/10-a.conf', '/etc/sysctl.conf'])
})
