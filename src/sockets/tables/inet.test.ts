import { describe, expect, test } from 'vitest'
import { parseInetTable } from './inet.ts'

const HEADER = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const LISTENER =
  '   0: 0100007F:2742 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 500738 1 0000000097090c29 100 0 0 10 0'
const parse = (lines: string, littleEndian = true) =>
  parseInetTable(Buffer.from(HEADER + lines, 'latin1'), 'tcp', littleEndian)

describe('parseInetTable', () => {
  test('reads every column of a row', () => {
    const line =
      '  59: 0100007F:03EB 0100007F:07D3 01 00000005:000003E8 02:0000E9B2 00000003  1000        4 18446744073709551615 2 00000000c14b9197 20 4 30 10 -1'
    expect(parse(line)).toEqual({
      bogus: [],
      rows: [
        {
          table: 'tcp',
          slot: 59,
          localAddress: '127.0.0.1',
          localPort: 1003,
          remoteAddress: '127.0.0.1',
          remotePort: 2003,
          state: 1,
          txQueueBytes: 5,
          rxQueueBytes: 1000,
          timer: 2,
          timerTicks: 59826,
          retransmits: 3,
          uid: 1000,
          probes: 4,
          inode: '18446744073709551615',
          refs: 2,
          pointer: '00000000c14b9197',
          drops: undefined,
        },
      ],
    })
  })

  test('A1: the byte order of the machine decides what the words mean', () => {
    const big = LISTENER.replace('0100007F', '7F000001')
    expect(parse(big, false).rows[0]?.localAddress).toBe('127.0.0.1')
    expect(parse(big, true).rows[0]?.localAddress).toBe('1.0.0.127')
  })
})
