import { describe, expect, test } from 'vitest'
import { procOf, TCP_HEADER, tcpRow, UDP_HEADER, UNIX_HEADER } from '../../../test/support/fake-proc.ts'
import { look, NUMERIC_CELLS, openZoo } from '../../../test/support/look-at-sockets.ts'
import { createTheme } from '../../terminal/theme.ts'
import type { Socket } from '../model.ts'
import { SOCKET_COLUMN_NAMES, SOCKET_COLUMNS, socketColumns, sortSockets, type SocketColumnName } from './columns.ts'

const { sockets } = look(
  procOf({
    files: {
      'net/tcp':
        TCP_HEADER +
        tcpRow({ uid: '33' }) +
        tcpRow({
          local: '0B0C0C0A:1F91',
          remote: '0C0C0C0A:D431',
          state: '01',
          queues: '00000010:00000400',
          timer: '02:0000012C',
          inode: '8',
        }),
      'net/udp': `${UDP_HEADER}   7: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 9 2 00000000bbbbbbbb 17\n`,
      'net/unix': `${UNIX_HEADER}00000000cccccccc: 00000003 00000000 00010000 0001 01 10 /run/a.sock\n`,
      'net/packet': 'sk\n000000001ffec34a 4      3    86dd   2     1 39984  7      11\n',
      'net/netlink': 'sk\n00000000ec97306a 15  12         0000000f 0        0        0     2        0        13\n',
      'net/sctp/eps': 'h\nffff8800 ffff8801 2   10  29   11165   5 14 10.0.0.1 10.0.0.2 \n',
      '9/cmdline': '/usr/bin/srv\0-x\0',
      '9/comm': 'srv\n',
      '9/status': 'Name:\tsrv\nUid:\t10\t33\t33\t33\n',
      '9/stat': `9 (srv) S 4 ${'0 '.repeat(17)}12345 0\n`,
      '9/cgroup': `0::/system.slice/docker-${'ab'.repeat(32)}.scope\n`,
      stat: 'btime 1700000000\n',
      '10/cmdline': 'two\0',
    },
    links: { '9/fd/3': 'socket:[7000]', '10/fd/4': 'socket:[7000]', '9/exe': '/usr/bin/srv (deleted)' },
  }),
  undefined,
  'full',
)
const byTable = (table: string) => sockets.find(({ row }) => row.table === table)!
const cell = (name: SocketColumnName, socket: Socket) => SOCKET_COLUMNS[name].text(socket, NUMERIC_CELLS)

test.each<[table: string, cells: Partial<Record<SocketColumnName, string>>]>([
  [
    'tcp',
    {
      proto: 'tcp',
      'recv-q': '0',
      local: '127.0.0.1:8080',
      foreign: '0.0.0.0:*',
      'local-port': '8080',
      'local-address': '127.0.0.1',
      state: 'LISTEN',
      user: '33',
      uid: '33',
      inode: '7000',
      owner: '9/srv,10/two',
      pid: '9,10',
      program: 'srv,two',
      cmdline: '/usr/bin/srv -x',
      exe: '/usr/bin/srv (deleted)',
      unit: `docker-${'ab'.repeat(32)}.scope`,
      container: 'abababababab',
      started: '2023-11-14T22:15:23.450Z',
      timer: 'off (0.00/0/0)',
      drops: '-',
      refs: '1',
      why: '',
      path: '',
    },
  ],
  [
    'udp',
    { state: '', drops: '17', refs: '2', owner: '-', pid: '-', exe: '-', why: 'no process holds it (kernel, or gone)' },
  ],
  [
    'unix',
    { 'recv-q': '-', local: '', state: 'LISTENING', refs: '3', flags: '[ ACC ]', type: 'STREAM', path: '/run/a.sock' },
  ],
  ['packet', { interface: 'if2', ethertype: 'IPv6', 'recv-q': '39984', user: '7', 'local-port': '-' }],
  ['netlink', { family: 'KOBJECT_UEVENT', 'port-id': '12', groups: '0xf', user: '-' }],
  ['sctp', { local: '10.0.0.1,10.0.0.2:11165', foreign: '*:*', state: 'LISTEN', 'local-port': '11165' }],
])('cells of a socket of %s', (table, cells) => {
  expect(
    Object.fromEntries(Object.keys(cells).map(name => [name, cell(name as SocketColumnName, byTable(table))])),
  ).toEqual(cells)
})

describe('sorting', async () => {
  const zoo = look(await openZoo(), undefined, 'full').sockets

  test('numbers by their value, the order of the kernel between equals', () => {
    const ports = sortSockets(zoo, 'local-port', true, NUMERIC_CELLS).map(
      socket => Number(cell('local-port', socket)) || 0,
    )
    expect(ports).toEqual(ports.toSorted((a, b) => b - a))
    const same = sortSockets(sockets, 'exe', false, NUMERIC_CELLS).filter(socket => cell('exe', socket) === '-')
    expect(same).toEqual(sockets.filter(socket => cell('exe', socket) === '-'))
  })

  test.each(SOCKET_COLUMN_NAMES)('by %s no socket is lost, and descending is the other way round', name => {
    const up = sortSockets(zoo, name, false, NUMERIC_CELLS)
    const down = sortSockets(zoo, name, true, NUMERIC_CELLS)
    expect(new Set(up)).toEqual(new Set(zoo))
    const keys = (list: Socket[]) => list.map(socket => ('sortValue' in SOCKET_COLUMNS[name] ? 0 : cell(name, socket)))
    expect(keys(down)).toEqual(keys(up).toReversed())
  })
})

test('states are painted without changing their width', () => {
  const [column] = socketColumns(['state'], NUMERIC_CELLS, createTheme(true))
  expect(column!.paint!('LISTEN', byTable('tcp'))).toBe('\x1b[32mLISTEN\x1b[39m')
  expect(column!.paint!('ESTABLISHED', sockets[1]!)).toBe('ESTABLISHED')
})

test('a section may name and space a column its own way', () => {
  const [inode, pid] = socketColumns(['inode', 'pid'], NUMERIC_CELLS, createTheme(false), {
    inode: { header: 'I-Node', minWidth: 8 },
  })
  expect([inode!.header, inode!.minWidth, pid!.header, pid!.minWidth]).toEqual(['I-Node', 8, 'PID', undefined])
})
