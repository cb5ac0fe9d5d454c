import { expect, test } from 'vitest'
import type { SocketJson } from '../../sockets/answer/index.ts'
import { socketTable } from './socket-table.ts'

const tcp = (changes: object) =>
  ({
    protocol: 'tcp',
    inode: '1',
    state: 'ESTABLISHED',
    localAddress: '10.0.0.1',
    localPort: 443,
    remoteAddress: '10.0.0.2',
    remotePort: 5000,
    rxQueueBytes: 7,
    txQueueBytes: 0,
    timer: 'off',
    timerSeconds: 0,
    retransmits: 0,
    probes: 0,
    ...changes,
  }) as SocketJson

const owner = (pid: number, changes: object = {}) => ({
  pid,
  program: 'nginx',
  fds: [3],
  heldBy: 'fd' as const,
  ...changes,
})

/** Row by row, with texts in place. */
function rowsOf(sockets: SocketJson[], host = 'web1') {
  const table = socketTable([{ host, sockets }])
  const text = (place: number) => table.texts[place]
  return Array.from({ length: table.count }, (_, row) => [
    text(table.protocol[row]!),
    text(table.state[row]!),
    text(table.local[row]!),
    table.localPort[row],
    text(table.remote[row]!),
    table.remotePort[row],
    table.recvQ[row],
    table.sendQ[row],
    text(table.program[row]!),
    table.pid[row],
    text(table.service[row]!),
    text(table.host[row]!),
  ])
}

test.each<[what: string, socket: SocketJson, row: unknown[]]>([
  [
    'a connection with an owner in a unit',
    tcp({ owners: [owner(9, { unit: 'nginx.service' })] }),
    ['tcp', 'ESTABLISHED', '10.0.0.1', 443, '10.0.0.2', 5000, 7, 0, 'nginx', 9, 'nginx.service', 'web1'],
  ],
  [
    'several owners; the container goes before the unit',
    tcp({ owners: [owner(9, { unit: 'a.scope', container: '0123456789abcdef' }), owner(10)] }),
    ['tcp', 'ESTABLISHED', '10.0.0.1', 443, '10.0.0.2', 5000, 7, 0, 'nginx +1', 9, '0123456789ab', 'web1'],
  ],
  [
    'a listener shows who waits to be accepted, and nobody who holds it',
    tcp({ state: 'LISTEN', rxQueueBytes: undefined, acceptQueueConnections: 3, owners: [] }),
    ['tcp', 'LISTEN', '10.0.0.1', 443, '10.0.0.2', 5000, 3, 0, '', -1, '', 'web1'],
  ],
  [
    'a unix socket has a path and no ports; unknown queues are not 0',
    { protocol: 'unix', inode: '2', state: 'CONNECTED', type: 'STREAM', flags: 0, path: '/run/x' },
    ['unix', 'CONNECTED', '/run/x', -1, '', -1, -1, -1, '', -1, '', 'web1'],
  ],
])('%s', (_, socket, row) => expect(rowsOf([socket])).toEqual([row]))

test('a text that stands in many rows is held once', () => {
  const table = socketTable([{ host: 'a', sockets: Array.from({ length: 50 }, () => tcp({})) }])
  expect(table.texts).toEqual(
    ['10.0.0.1', '10.0.0.2', 'tcp', 'ESTABLISHED', '', 'a'].sort(
      (a, b) => table.texts.indexOf(a) - table.texts.indexOf(b),
    ),
  )
  expect(table.count).toBe(50)
})

test('several machines stand in one table', () => {
  const table = socketTable([
    { host: 'a', sockets: [tcp({})] },
    { host: undefined, sockets: [tcp({})] },
  ])
  expect(table.host.map(place => table.texts[place])).toEqual(['a', ''])
})

test('names are escaped and cut, so that none looks like another', () => {
  const named = (program: string) => rowsOf([tcp({ owners: [owner(1, { program })] })])[0]![8]
  expect(named('a\u202eb')).toBe('a\\u202eb')
  expect(named('a\\u202eb')).toBe('a\\\\u202eb')
  expect(named('x'.repeat(1_000_000))).toBe(`${'x'.repeat(500)}…`)
})
