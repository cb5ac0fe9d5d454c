import { describe, expect, test } from 'vitest'
import { parsePacketTable } from './packet.ts'

describe('parsePacketTable', () => {
  test('the interface is an index, the protocol hex', () => {
    const packet = parsePacketTable(
      Buffer.from(
        'sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n00000000053690cc 3      2    0800   1     1 19992  0      500769\n',
      ),
    )
    expect(packet.rows[0]).toMatchObject({
      type: 2,
      protocol: 0x800,
      interfaceIndex: 1,
      rxQueueBytes: 19992,
      inode: '500769',
    })
  })
})
