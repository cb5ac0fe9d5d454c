import { describe, expect, test } from 'vitest'
import { NUMERIC } from '../names/names.ts'
import {
  cmdlineText,
  localText,
  ownersText,
  pathText,
  programsText,
  stateText,
  timerText,
  userText,
} from './cell-text.ts'
import { socketJson } from './socket-json.ts'
import { procOf, tcpRow, UNIX_HEADER } from '../../../test/support/fake-proc.ts'
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

  test.each([
    ['a comma makes no second owner', 'x,1/systemd', `9/'x,1/systemd'`],
    ['a blank makes no second column', 'x 1/systemd', `9/'x 1/systemd'`],
    ['nor does what looks like a blank', 'x\xe2\xa0\x80LISTEN', `9/'x\u2800LISTEN'`],
    ['a quote cannot end the quotes', `x',1/'systemd`, String.raw`9/'x\x27,1/\x27systemd'`],
    ['a backslash cannot forge an escape', String.raw`x\x27,y`, String.raw`9/'x\\x27,y'`],
    ['any other name stands as it is', 'kworker/0:1-events@x+y._', '9/kworker/0:1-events@x+y._'],
  ])('an owner is one word: %s', (_, name, text) => {
    const source = procOf({
      files: { ...tcp(tcpRow()), '9/cmdline': `${name}\0-c\0` },
      links: { '9/fd/3': 'socket:[7000]' },
    })
    const [socket] = look(source, ['tcp']).sockets
    expect(ownersText(socket!)).toBe(text)
    expect(programsText(socket!)).toBe(text.slice(2))
    expect(cmdlineText(socket!)).toBe(`${text.slice(2)} -c`)
  })

  test('owners stand in the order of their pids, whatever order they were found in', () => {
    const processes = ['1000', '999', '31', '4'].map(pid => [`${pid}/cmdline`, `p${pid}\0`] as const)
    const source = procOf({
      files: { ...tcp(tcpRow()), ...Object.fromEntries(processes) },
      links: Object.fromEntries(['1000', '999', '31', '4'].map(pid => [`${pid}/fd/3`, 'socket:[7000]'])),
    })
    const [socket] = look(source, ['tcp']).sockets
    expect(ownersText(socket!)).toBe('4/p4,31/p31,999/p999,1000/p1000')
  })

  test('a path is one word, whatever stands in it', () => {
    const row = (inode: number, path: string) =>
      `00000000aaaaaaa${inode}: 00000002 00000000 00010000 0001 01 ${inode}${path}\n`
    const source = procOf({
      files: { 'net/unix': UNIX_HEADER + row(1, ' /tmp/a  LISTEN 1/sshd') + row(2, ' @x') + row(3, '') },
    })
    expect(look(source, ['unix']).sockets.map(pathText)).toEqual([`'/tmp/a  LISTEN 1/sshd'`, '@x', ''])
  })

  test('the name of a host, which strangers choose, is escaped', () => {
    const { sockets } = look(procOf({ files: tcp(tcpRow()) }), ['tcp'])
    const names = { ...NUMERIC, host: () => 'evil\x1b[2Jhost', service: () => 'web\n', user: () => 'a b' }
    expect(localText(sockets[0]!, { names, userHz: 100 })).toBe(String.raw`evil\x1b[2Jhost:web\n`)
    expect(userText(sockets[0]!, { names, userHz: 100 })).toBe(`'a b'`)
  })
})
