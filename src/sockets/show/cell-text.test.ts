import { describe, expect, test } from 'vitest'
import { NUMERIC } from '../names/names.ts'
import { localText, ownersText, stateText, timerText, userText } from './cell-text.ts'
import { socketJson } from './socket-json.ts'
import { procOf, tcpRow } from '../../../test/support/fake-proc.ts'
import { NUMERIC_CELLS, look, openZoo, socketAt, tcp } from '../../../test/support/look-at-sockets.ts'

describe('cells', () => {
  test('a state without a name is printed by its number and does not end the table', () => {
    const { sockets } = look(
      procOf({ files: tcp(tcpRow({ state: '0C' }) + tcpRow({ state: '0D', inode: '2' }) + tcpRow({ inode: '3' })) }),
      ['tcp'],
    )
    expect(sockets.map(stateText)).toEqual(['UNKNOWN(12)', 'UNKNOWN(13)', 'LISTEN'])
  })

  test('a timer without a name is printed by its number', () => {
    const { sockets } = look(procOf({ files: tcp(tcpRow({ timer: '05:00000010', retransmits: '00000003' })) }), ['tcp'])
    expect(timerText(sockets[0]!, NUMERIC_CELLS)).toBe('unkn-5 (0.16/3/0)')
  })

  test('the uid is the creator; where the kernel has forgotten it, it is not shown as root', () => {
    const source = procOf({
      files: {
        ...tcp(
          tcpRow({ uid: '0' }) +
            tcpRow({ state: '06', timer: '03:00001770', inode: '0', uid: '0', rest: '' }) +
            tcpRow({ state: '05', timer: '03:00001770', inode: '0', pointer: 'b', rest: '' }),
        ),
        '9/cmdline': 'daemon\0',
        '9/status': 'Name:\tdaemon\nUid:\t33\t33\t33\t33\n',
      },
      links: { '9/fd/3': 'socket:[7000]' },
    })
    const { sockets } = look(source, ['tcp'], 'full')
    expect(sockets.map(socket => userText(socket, NUMERIC_CELLS))).toEqual(['0', '-', '-'])
    expect(sockets.map(socket => (socketJson(socket, 100) as { uid?: number }).uid)).toEqual([0, undefined, undefined])
    expect(sockets[0]!.owners![0]!.process.effectiveUid).toBe(33)
  })

  test('an owner is named by its command line, escaped, or by its task name where that is blank', async () => {
    const { sockets } = look(await openZoo())
    expect(ownersText(socketAt(sockets, 4012))).toBe('85/python3')
    expect(ownersText(socketAt(sockets, 4002))).toBe(String.raw`68/evil\x1b[31mRED\nline2\tTAB`)
  })

  test('the name of a host, which strangers choose, is escaped', () => {
    const { sockets } = look(procOf({ files: tcp(tcpRow()) }), ['tcp'])
    const names = { ...NUMERIC, host: () => 'evil\x1b[2Jhost', service: () => 'web\n' }
    expect(localText(sockets[0]!, { names, userHz: 100 })).toBe(String.raw`evil\x1b[2Jhost:web\n`)
  })
})
