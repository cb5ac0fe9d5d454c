import { describe, expect, test } from 'vitest'
import { look, openZoo } from '../../../test/support/look-at-sockets.ts'
import { isInetRow } from '../tables/socket-row.ts'
import { chosenTables, isSelected, type TableChoice } from './selection.ts'

const NONE: TableChoice = {
  tcp: false,
  udp: false,
  udplite: false,
  sctp: false,
  raw: false,
  unix: false,
  packet: false,
  netlink: false,
  ipv4: false,
  ipv6: false,
}

describe('tables that flags mean', () => {
  test.each<[string, Partial<TableChoice>, string]>([
    ['no flag', {}, 'tcp tcp6 sctp udp udp6 udplite udplite6 raw raw6 icmp icmp6 unix'],
    ['-t', { tcp: true }, 'tcp tcp6'],
    ['-t -6', { tcp: true, ipv6: true }, 'tcp6'],
    ['-4', { ipv4: true }, 'tcp sctp udp udplite raw icmp'],
    ['-S -4', { sctp: true, ipv4: true }, 'sctp'],
    ['-w', { raw: true }, 'raw raw6 icmp icmp6'],
    ['-x --packet --netlink', { unix: true, packet: true, netlink: true }, 'unix packet netlink'],
    ['-u -x', { udp: true, unix: true }, 'udp udp6 unix'],
  ])('%s', (_, choice, tables) => {
    expect(chosenTables({ ...NONE, ...choice }).join(' ')).toBe(tables)
  })
})

describe('rows that flags select', async () => {
  const rows = look(await openZoo()).sockets.map(({ row }) => row)
  const count = (table: string, selection: Partial<Parameters<typeof isSelected>[1]>) =>
    rows.filter(
      row => row.table === table && isSelected(row, { all: false, listening: false, ports: [], ...selection }),
    ).length

  // The counts of rows that netstat prints over the same tree.
  test.each([
    ['tcp', 30, 34, 64],
    ['tcp6', 8, 6, 14],
    ['udp', 2, 3, 5],
    ['unix', 33, 14, 47],
    ['packet', 0, 2, 2],
  ])('%s: %i connected, %i waiting, %i in all', (table, connected, waiting, all) => {
    expect([
      count(table, {}),
      count(table, { listening: true }),
      count(table, { all: true }),
      count(table, { all: true, listening: true }),
    ]).toEqual([connected, waiting, all, all])
  })

  test('a port is one of either end, and tables without ports have none', () => {
    const selected = rows.filter(row => isSelected(row, { all: true, listening: false, ports: [1001] }))
    expect(selected.every(row => isInetRow(row) && [row.localPort, row.remotePort].includes(1001))).toBe(true)
    expect(selected).toHaveLength(5)
  })
})
