import { describe, expect, test } from 'vitest'
import { socketTable } from '../views/socket-table.ts'
import { SocketRows, type Column } from './socket-rows.ts'

const socket = (local: string, localPort: number, program: string, rxQueueBytes: number, state = 'ESTABLISHED') => ({
  protocol: 'tcp',
  inode: '1',
  state,
  localAddress: local,
  localPort,
  remoteAddress: '::1',
  remotePort: 0,
  rxQueueBytes,
  txQueueBytes: 0,
  owners: program === '' ? [] : [{ pid: 7, program, fds: [3], heldBy: 'fd' }],
})

const rows = new SocketRows(
  socketTable([
    {
      host: 'web1',
      sockets: [
        socket('10.0.0.10', 443, 'nginx', 0),
        socket('10.0.0.9', 443, 'Api', 900, 'CLOSE_WAIT'),
        socket('10.0.0.9', 80, '', 20),
        socket('2001:db8::1', 80, 'nginx', 900),
      ] as never,
    },
  ]),
)

test('cells', () => {
  expect(rows.cell('local', 3)).toBe('[2001:db8::1]:80')
  expect(rows.cell('remote', 0)).toBe('[::1]:*')
  expect([rows.cell('pid', 2), rows.cell('program', 2), rows.cell('recvQ', 2)]).toEqual(['', '', '20'])
})

describe('search: every word, anywhere, in any case', () => {
  test.each([
    ['', [0, 1, 2, 3]],
    ['  ', [0, 1, 2, 3]],
    ['NGINX', [0, 3]],
    ['api close_wait', [1]],
    ['.9:443 api', [1]],
    ['nginx close_wait', []],
  ])('%j', (query, found) => expect([...rows.find(query)]).toEqual(found))
})

describe('sort', () => {
  test.each<[Column, boolean, number[]]>([
    ['local', false, [2, 1, 0, 3]],
    ['local', true, [3, 0, 1, 2]],
    ['recvQ', true, [1, 3, 2, 0]],
    ['program', false, [1, 0, 3, 2]],
    ['state', false, [1, 0, 2, 3]],
    ['host', false, [0, 1, 2, 3]],
  ])('%s, descending %s', (column, descending, order) =>
    expect([...rows.sorted(rows.find(''), column, descending)]).toEqual(order),
  )

  test('of what was found', () => expect([...rows.sorted(rows.find('nginx'), 'recvQ', true)]).toEqual([3, 0]))
})
