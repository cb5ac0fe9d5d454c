import { describe, expect, test } from 'vitest'
import { reportOf, clients, mini, socket } from '../../../test/support/time-wait-recording.ts'

const WIDE = { ip_local_port_range: '1024\t65535' }
const sidesOf = (rows: string, settings = {}) => {
  const { active, passive } = reportOf({ rows, settings }).totals
  return { active, passive }
}
const served = (port: number) =>
  Array.from({ length: 30 }, (_, i) => mini(`192.0.2.1:${port}`, `198.51.100.9:${50000 + i}`, i)).join('')

describe('who opened a connection', () => {
  test.each([
    ['a local port in the range, a service outside it', clients(30), {}, { active: 30, passive: 0 }],
    [
      'a local port somebody listens on',
      socket('0.0.0.0:40000', '0.0.0.0:0', '0A', '7') + served(40000),
      {},
      { active: 0, passive: 30 },
    ],
    [
      'a listener on another address does not make it ours',
      socket('192.0.2.77:32768', '0.0.0.0:0', '0A', '7') + clients(1),
      {},
      { active: 1, passive: 0 },
    ],
    ['a server that is gone, outside the range', served(8080), {}, { active: 0, passive: 30 }],
    ['a server that is gone, inside the range: many share our end', served(40000), {}, { active: 0, passive: 30 }],
    [
      'a range that holds the service too: many share the other end',
      clients(30, { remote: '192.0.2.10:8080' }),
      WIDE,
      { active: 30, passive: 0 },
    ],
    [
      'the same with one connection: the lower port serves',
      clients(1, { remote: '192.0.2.10:8080' }),
      WIDE,
      { active: 1, passive: 0 },
    ],
    [
      'a client that bound a port of its own below the range',
      clients(30, { from: 700, step: 1, remote: '192.0.2.10:2049' }),
      {},
      { active: 30, passive: 0 },
    ],
    [
      'a service of this host, whatever the ports',
      socket('127.0.0.1:40000', '0.0.0.0:0', '0A', '7') + mini('127.0.0.1:2000', '127.0.0.1:40000', 1),
      {},
      { active: 1, passive: 0 },
    ],
  ])('%s', (_, rows, settings, sides) => expect(sidesOf(rows, settings)).toEqual(sides))
})
