import { describe, expect, test } from 'vitest'
import { parseInetTable } from '../tables/inet.ts'
import type { TcpTable } from '../tables/inet-row.ts'
import { TCP_HEADER, tcpRow } from '../../../test/support/fake-proc.ts'
import { listeningOf } from './listening.ts'

const rowsOf = (table: TcpTable, ...rows: string[]) =>
  parseInetTable(Buffer.from(TCP_HEADER + rows.join('')), table, true).rows
const listener = (local: string, inode: number) => tcpRow({ local, inode: String(inode) })
const ANY6 = '0'.repeat(32)

const LISTENERS = listeningOf([
  ...rowsOf(
    'tcp',
    listener('0100007F:0050', 1),
    listener('00000000:0050', 2),
    listener('00000000:0051', 3),
    tcpRow({ local: '00000000:0053', state: '01', inode: '9' }),
  ),
  ...rowsOf('tcp6', listener(`${ANY6}:0050`, 4), listener(`${ANY6}:0052`, 5)),
])
const inodes = (...endpoint: Parameters<typeof LISTENERS.at>) => LISTENERS.at(...endpoint).map(row => row.inode)

describe('listeners of a connection', () => {
  test('the one on its own address comes before those on any address', () => {
    expect(inodes('127.0.0.1', 80)).toEqual(['1'])
    expect(inodes('192.0.2.1', 80)).toEqual(['2', '4'])
  })

  test('the table the connection stands in tells IPv4 and IPv6 listeners apart', () => {
    expect(inodes('192.0.2.1', 80, 'tcp')).toEqual(['2'])
    expect(inodes('192.0.2.1', 80, 'tcp6')).toEqual(['4'])
  })

  test('one on 0.0.0.0 never takes IPv6, one on :: may take IPv4', () => {
    expect(inodes('2001:db8::1', 81)).toEqual([])
    expect(LISTENERS.has('2001:db8::1', 81)).toBe(false)
    expect(inodes('192.0.2.1', 82)).toEqual(['5'])
    expect(inodes('2001:db8::1', 82, 'tcp6')).toEqual(['5'])
  })

  test('what does not listen is none', () => {
    expect(inodes('192.0.2.1', 83)).toEqual([])
    expect(LISTENERS.has('192.0.2.1', 83)).toBe(false)
  })
})
