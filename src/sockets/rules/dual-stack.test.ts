import { describe, expect, test } from 'vitest'
import { TCP_HEADER, tcpRow } from '../../../test/support/fake-proc.ts'
import type { TcpTable } from '../tables/inet-row.ts'
import { parseInetTable } from '../tables/inet.ts'
import { dualStackListeners } from './dual-stack.ts'

const ANY6 = '0'.repeat(32)
const MAPPED = '0000000000000000FFFF0000'
const rows = (table: TcpTable, ...text: string[]) =>
  parseInetTable(Buffer.from(TCP_HEADER + text.join('')), table, true).rows
const listener6 = (inode = '1') => rows('tcp6', tcpRow({ local: `${ANY6}:1F90`, remote: `${ANY6}:0000`, inode }))
const listener4 = (local: string, inode = '2') => rows('tcp', tcpRow({ local, inode }))
const peer = rows(
  'tcp6',
  tcpRow({ local: `${MAPPED}0100007F:1F90`, remote: `${MAPPED}010200C0:D431`, state: '01', inode: '3' }),
)

describe('whether a listener on :: takes IPv4 too', () => {
  test.each([
    [
      'an IPv4 peer that it accepted shows that it does',
      [...listener6(), ...peer],
      true,
      'it has the IPv4 peer 192.0.2.1',
    ],
    [
      'another socket on the same IPv4 port shows that it does not',
      [...listener6(), ...listener4('00000000:1F90')],
      false,
      'another socket listens on 0.0.0.0:8080',
    ],
  ])('%s', (_, sockets, dual, evidence) => {
    expect([...dualStackListeners(sockets).values()]).toEqual([{ dual, evidence }])
  })

  test.each([
    ['alone', listener6()],
    ['beside a listener on another port', [...listener6(), ...listener4('00000000:1F91')]],
    ['where the port is shared among several', [...listener6(), ...listener6('4'), ...listener4('00000000:1F90')]],
    [
      'where IPv4 listeners share the port',
      [...listener6(), ...listener4('00000000:1F90'), ...listener4('00000000:1F90', '5')],
    ],
    [
      'with a peer that either may have accepted',
      [...listener6(), ...listener6('4'), ...listener4('00000000:1F90'), ...peer],
    ],
  ])('is not known: %s', (_, sockets) => {
    expect(dualStackListeners(sockets).size).toBe(0)
  })
})
