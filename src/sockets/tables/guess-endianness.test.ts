import { describe, expect, test } from 'vitest'
import { localText } from '../show/cell-text.ts'
import { procOf, tcpRow } from '../../../test/support/fake-proc.ts'
import { NUMERIC_CELLS, look, tcp } from '../../../test/support/look-at-sockets.ts'

describe('guessed byte order', () => {
  test('a recording of a big-endian machine tells its byte order by its loopback addresses', () => {
    const big = procOf({ files: tcp(tcpRow({ local: '7F000001:0016' })), meta: { endian: undefined } })
    expect(localText(look(big).sockets[0]!, NUMERIC_CELLS)).toBe('127.0.0.1:22')
    const told = procOf({ files: tcp(tcpRow({ local: 'C0000201:0016' })), meta: { endian: 'big' } })
    expect(localText(look(told).sockets[0]!, NUMERIC_CELLS)).toBe('192.0.2.1:22')
    const untold = procOf({ files: tcp(tcpRow({ local: '010200C0:0016' })), meta: { endian: undefined } })
    expect(look(untold)).toMatchObject({ byteOrderAssumed: true })
    expect(localText(look(untold).sockets[0]!, NUMERIC_CELLS)).toBe('192.0.2.1:22')
  })
})
