import { describe, expect, test } from 'vitest'
import { parseInetTable } from './inet.ts'
import { TCP_HEADER, tcpRow } from '../../../test/support/fake-proc.ts'

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

  test('the byte order of the machine decides what the words mean', () => {
    const big = LISTENER.replace('0100007F', '7F000001')
    expect(parse(big, false).rows[0]?.localAddress).toBe('127.0.0.1')
    expect(parse(big, true).rows[0]?.localAddress).toBe('1.0.0.127')
  })
})

describe('tables of TCP, UDP and raw sockets', () => {
  test.each([
    ['B80D012078563412F0DEBC9A78563412', true, '2001:db8:1234:5678:9abc:def0:1234:5678'],
    ['20010DB8123456789ABCDEF012345678', false, '2001:db8:1234:5678:9abc:def0:1234:5678'],
    ['00000000000000000000000001000000', true, '::1'],
    ['0000000000000000FFFF00000100007F', true, '::ffff:127.0.0.1'],
    ['000080FE00000000FFAD7CFE66E156FE', true, 'fe80::fe7c:adff:fe56:e166'],
    ['00000000000000000000000000000000', true, '::'],
  ])('the four words of an IPv6 address each have the machine order: %s', (hex, little, text) => {
    const { rows } = parseInetTable(Buffer.from(TCP_HEADER + tcpRow({ local: `${hex}:0016` })), 'tcp6', little)
    expect(rows[0]?.localAddress).toBe(text)
  })

  test('ports, queues and retransmits are hex, uid, timeout and inode decimal', () => {
    const row = parseInetTable(
      Buffer.from(
        TCP_HEADER +
          tcpRow({
            local: '0100007F:0010',
            queues: '00000010:00000020',
            retransmits: '00000010',
            uid: '10',
            inode: '10',
          }),
      ),
      'tcp',
      true,
    ).rows[0]!
    expect(row).toMatchObject({
      localPort: 16,
      txQueueBytes: 16,
      rxQueueBytes: 32,
      retransmits: 16,
      uid: 10,
      inode: '10',
    })
  })

  test('short rows end after the pointer, the last line may lack its newline, a bogus line costs only itself', () => {
    const rows =
      tcpRow({ state: '06', rest: '' }) + '   1: 0100007F:1F91 nonsense\n' + tcpRow({ inode: '7001' }).trimEnd()
    const parsed = parseInetTable(Buffer.from(TCP_HEADER + rows), 'tcp', true)
    expect(parsed.rows.map(row => row.state)).toEqual([6, 10])
    expect(parsed.bogus).toEqual([{ file: 'net/tcp', line: 3, text: '   1: 0100007F:1F91 nonsense' }])
  })
})
