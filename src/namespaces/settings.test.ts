import { expect, test } from 'vitest'
import { parseGrepped } from './settings.ts'

test('a line for each file; a list that is empty is a value', () => {
  const text = '/proc/sys/net/ipv4/tcp_tw_reuse:2\n/proc/sys/net/ipv4/ip_local_reserved_ports:\ngrep: no such file\n'
  expect([...parseGrepped(text)]).toEqual([
    ['sys/net/ipv4/tcp_tw_reuse', '2'],
    ['sys/net/ipv4/ip_local_reserved_ports', ''],
  ])
})
