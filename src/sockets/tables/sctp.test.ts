import { describe, expect, test } from 'vitest'
import { localText, stateText } from '../show/cell-text.ts'
import { procOf } from '../../../test/support/fake-proc.ts'
import { NUMERIC_CELLS, look } from '../../../test/support/look-at-sockets.ts'

describe('tables of SCTP', () => {
  test('endpoints listen, associations have two ends; without the protocol the table is missing', () => {
    const sctp = procOf({
      files: {
        'net/sctp/eps':
          ' ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\nffff8801 ffff8802 2   10  29   5000   0 4711 192.0.2.1 \n',
        'net/sctp/assocs':
          ' ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS HBINT INS OUTS MAXRT T1X T2X RTXC\nffff8803 ffff8804 2   1   3  0      7        5        6       0 4712 5000 40000 *192.0.2.1 <-> *192.0.2.2 198.51.100.2 7500 10 10 10 0 0 0\n',
      },
    })
    expect(
      look(sctp, ['sctp']).sockets.map(socket => [
        stateText(socket),
        localText(socket, NUMERIC_CELLS),
        socket.row.inode,
      ]),
    ).toEqual([
      ['LISTEN', '192.0.2.1:5000', '4711'],
      ['ESTABLISHED', '192.0.2.1:5000', '4712'],
    ])
    expect(look(procOf({ files: {} }), ['sctp']).tables.missing).toContainEqual({ table: 'sctp', code: 'ENOENT' })
  })
})
