import { describe, expect, test } from 'vitest'
import { parseNetlinkTable } from './netlink.ts'

describe('parseNetlinkTable', () => {
  test('the port id is a number of its own, no pid', () => {
    const netlink = parseNetlinkTable(
      Buffer.from(
        'sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n00000000ec97306a 15  4294963199 00000011 0        0        0     2        3        500288  \n',
      ),
    )
    expect(netlink.rows[0]).toMatchObject({ protocol: 15, portId: 4294963199, groups: 17, drops: 3, inode: '500288' })
  })
})
