import { expect, test } from 'vitest'
import { mini, reportOf, socket } from '../../../test/support/time-wait-recording.ts'

const LISTENER = socket('0.0.0.0:80', '0.0.0.0:0', '0A', '7000')
const links = { '41/fd/3': 'socket:[7000]', '42/fd/3': 'socket:[7000]' }
const files = { '41/comm': 'nginx\n', '42/comm': 'nginx\n' }

test('rows by port and client, each process once, and when the last row ends', () => {
  const rows =
    LISTENER +
    mini('192.0.2.1:80', '198.51.100.9:40000', 50) +
    mini('192.0.2.1:80', '198.51.100.9:40001', 20) +
    mini('192.0.2.2:80', '198.51.100.8:40000', 30, '05')
  expect(reportOf({ rows, links, files }).ports).toEqual([
    {
      port: 80,
      localAddresses: ['192.0.2.1', '192.0.2.2'],
      timeWait: 2,
      finWait2: 1,
      remotes: [
        { address: '198.51.100.9', timeWait: 2, finWait2: 0 },
        { address: '198.51.100.8', timeWait: 0, finWait2: 1 },
      ],
      listening: true,
      owners: [
        { pid: 41, program: 'nginx' },
        { pid: 42, program: 'nginx' },
      ],
      clearsInS: 40 + 2.048,
    },
  ])
})

test('a port without a listener is still a service', () => {
  const [port] = reportOf({ rows: mini('192.0.2.1:8080', '198.51.100.9:40000', 50) }).ports
  expect(port).toMatchObject({ port: 8080, listening: false, owners: [] })
})

test('the busiest port first', () => {
  const rows = [
    mini('192.0.2.1:81', '198.51.100.9:40000', 1),
    mini('192.0.2.1:82', '198.51.100.9:40000', 1),
    mini('192.0.2.1:82', '198.51.100.9:40001', 1),
  ]
  expect(reportOf({ rows: rows.join('') }).ports.map(({ port }) => port)).toEqual([82, 81])
})
