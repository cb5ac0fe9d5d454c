import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { procOf, tcpRow, TCP_HEADER, UNIX_HEADER } from '../../../test/support/fake-proc.ts'
import { look, NUMERIC_CELLS, openZoo } from '../../../test/support/look-at-sockets.ts'
import { textWidth } from '../../terminal/text-width.ts'
import { createTheme } from '../../terminal/theme.ts'
import type { Socket } from '../model.ts'
import { SOCKET_COLUMN_NAMES } from './columns.ts'
import { chosenColumns, socketTable, type SocketTableOptions } from './table.ts'

const PLAIN = createTheme(false)
const NOTHING = { inet: false, unix: false, packet: false, netlink: false }
const OPTIONS: SocketTableOptions = {
  all: true,
  listening: false,
  extend: false,
  programs: true,
  peer: false,
  timers: false,
  cmdline: false,
  why: false,
  header: true,
  sections: { ...NOTHING, inet: true },
}
const ANY6 = '0'.repeat(32)

/** A listener, a connection with full queues, one of long addresses, two unix sockets, one of each other kind. */
const SOURCE = procOf({
  files: {
    'net/tcp':
      TCP_HEADER +
      tcpRow() +
      tcpRow({
        local: '0B0C0C0A:1F90',
        remote: 'FA0C0C0A:D431',
        state: '01',
        queues: '0039B6C0:00000000',
        inode: '7001',
      }),
    'net/tcp6':
      TCP_HEADER +
      tcpRow({
        local: 'B80D0120000000000000000078563412:1F90',
        remote: 'B80D01200000000000000000F0DEBC9A:D431',
        state: '06',
        timer: '03:00001770',
        inode: '0',
        rest: '',
      }) +
      tcpRow({ local: `${ANY6}:0016`, remote: `${ANY6}:0000`, inode: '7003' }),
    'net/unix': `${UNIX_HEADER}00000000aaaaaaaa: 00000002 00000000 00010000 0001 01 7004 /run/a-very-long-folder/of-a-service/control.sock\n`,
    'net/packet': 'sk\n000000001ffec34a 3      3    0003   0     1 39984  0      500768\n',
    'net/netlink': 'sk\n00000000ec97306a 15  11         00000001 0        0        0     2        0        500288\n',
    '9/cmdline': '/usr/bin/a-server-with-a-long-name\0--config\0/etc/server.conf\0',
    '31/cmdline': 'nginx\0',
  },
  links: {
    '9/fd/3': 'socket:[7000]',
    '31/fd/3': 'socket:[7000]',
    '31/fd/4': 'socket:[7001]',
    '9/fd/5': 'socket:[7004]',
  },
})
const { sockets } = look(SOURCE)

const table = (options: Partial<SocketTableOptions>, width = Infinity, shown: readonly Socket[] = sockets) =>
  [...socketTable(shown, { ...OPTIONS, ...options }, NUMERIC_CELLS, PLAIN, { color: false, width })].join('')

describe('a table in a pipe', () => {
  test('is whole and aligned, at least as wide as netstat’s', () => {
    expect(table({})).toMatchInlineSnapshot(`
      "Active Internet connections (servers and established)
      Proto Recv-Q  Send-Q Local Address            Foreign Address           State       PID/Program name
      tcp        0       0 127.0.0.1:8080           0.0.0.0:*                 LISTEN      9/a-server-with-a-long-name,31/nginx
      tcp        0 3782336 10.12.12.11:8080         10.12.12.250:54321        ESTABLISHED 31/nginx
      tcp6       0       0 2001:db8::1234:5678:8080 2001:db8::9abc:def0:54321 TIME_WAIT   -
      tcp6       0       0 :::22                    :::*                      LISTEN      -
      "
    `)
  })
})

describe('a table on a terminal', () => {
  test('120 columns', () => {
    expect(table({ timers: true }, 120)).toMatchInlineSnapshot(`
      "Active Internet connections (servers and established)
      Proto Recv-Q  Send-Q Local Address          Foreign Address       State       PID/Program name      Timer
      tcp        0       0 127.0.0.1:8080         0.0.0.0:*             LISTEN      9/a-se…-name,31/nginx off (0.00/0/0)
      tcp        0 3782336 10.12.12.11:8080       10.12.12.250:54321    ESTABLISHED 31/nginx              off (0.00/0/0)
      tcp6       0       0 2001:db8::1…:5678:8080 2001:db8::…def0:54321 TIME_WAIT   -                     timewait (60.00/0/0)
      tcp6       0       0 :::22                  :::*                  LISTEN      -                     off (0.00/0/0)
      "
    `)
  })

  test('80 columns', () => {
    expect(table({}, 80)).toMatchInlineSnapshot(`
      "Active Internet connections (servers and established)
      Proto Local Address         Foreign Address       State       PID/Program name
      tcp   127.0.0.1:8080        0.0.0.0:*             LISTEN      9/a-…name,31/nginx
      tcp   10.12.12.11:8080      10.12.12.250:54321    ESTABLISHED 31/nginx
      tcp6  2001:db8::…:5678:8080 2001:db8::…def0:54321 TIME_WAIT   -
      tcp6  :::22                 :::*                  LISTEN      -
      not shown at 80 columns: Recv-Q, Send-Q (-W shows them)
      "
    `)
  })

  test('80 columns: reasons go on below themselves', () => {
    expect(table({ why: true }, 80)).toMatchInlineSnapshot(`
      "Active Internet connections (servers and established)
      Local Address          State       PID/Program name       Why
      127.0.0.1:8080         LISTEN      9/a-se…g-name,31/nginx
      10.12.12.11:8080       ESTABLISHED 31/nginx
      2001:db8::1…:5678:8080 TIME_WAIT   -                      TIME_WAIT: kept by the
                                                                kernel, no process
      :::22                  LISTEN      -                      no process holds it
                                                                (kernel, or gone)
      not shown at 80 columns: Proto, Recv-Q, Send-Q, Foreign Address (-W shows them)
      "
    `)
  })

  test('40 columns: every section', () => {
    expect(table({ sections: { inet: true, unix: true, packet: true, netlink: true } }, 40)).toMatchInlineSnapshot(`
      "Active Internet connections (servers and
      established)
      Local Address         PID/Program name
      127.0.0.1:8080        9/a-…name,31/nginx
      10.12.12.11:8080      31/nginx
      2001:db8::…:5678:8080 -
      :::22                 -
      not shown at 40 columns: Proto, Recv-Q,
      Send-Q, Foreign Address, State (-W shows
      them)
      Active UNIX domain sockets (servers and
      established)
      PID/Program name     Path
      9/a-server…long-name /run/a-ve…trol.sock
      not shown at 40 columns: Proto, RefCnt,
      Flags, Type, State, I-Node (-W shows
      them)
      Packet sockets
      Interface EtherType PID/Program name
      *         ALL       -
      not shown at 40 columns: Proto, RefCnt,
      Recv-Q, User, Inode (-W shows them)
      Netlink sockets
      Family         Port ID PID/Program name
      KOBJECT_UEVENT      11 -
      not shown at 40 columns: Proto, Recv-Q,
      Send-Q, Groups, Inode (-W shows them)
      "
    `)
  })
})

test('columns that were chosen leave from the last one on', () => {
  const chosen = (width: number) =>
    [
      ...chosenColumns(
        sockets.slice(0, 2),
        ['local', 'state', 'inode', 'pid'],
        { header: true },
        NUMERIC_CELLS,
        PLAIN,
        {
          color: false,
          width,
        },
      ),
    ].join('')
  expect(chosen(Infinity)).toMatchInlineSnapshot(`
    "Local Address           State       Inode      PID
    127.0.0.1:8080          LISTEN      7000       9,31
    10.12.12.11:8080        ESTABLISHED 7001       31
    "
  `)
  expect(chosen(34)).toMatchInlineSnapshot(`
    "Local Address    State       Inode
    127.0.0.1:8080   LISTEN      7000
    10.12.12.11:8080 ESTABLISHED 7001
    not shown at 34 columns: PID (-W
    shows it)
    "
  `)
})

describe('whatever the width', async () => {
  const zoo = look(await openZoo(), undefined, 'full').sockets
  const sections = { inet: true, unix: true, packet: true, netlink: true }

  test('no row is wider than the terminal', () => {
    const flags = fc.record({
      extend: fc.boolean(),
      programs: fc.boolean(),
      timers: fc.boolean(),
      cmdline: fc.boolean(),
      why: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 200 }),
        flags,
        fc.subarray(SOCKET_COLUMN_NAMES, { minLength: 1 }),
        (width, shown, names) => {
          const layout = { color: false, width }
          const chosen = [...chosenColumns(zoo, names, { header: true }, NUMERIC_CELLS, PLAIN, layout)].join('')
          for (const line of `${table({ ...shown, sections }, width, zoo)}${chosen}`.split('\n'))
            expect(textWidth(line)).toBeLessThanOrEqual(width)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('what left is named with the flag that brings it back', () => {
    for (const width of [40, 80]) {
      const text = table({ extend: true, timers: true, why: true, sections }, width, zoo)
      expect(text.match(/not shown at/g)!.length).toBeGreaterThan(0)
      expect(text.replaceAll(/\s+/g, ' ')).toMatch(/\(-W shows (?:it|them)\) $/)
    }
  })
})
