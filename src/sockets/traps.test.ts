// The traps of reading /proc for sockets, by the number they have in the notes that found them. Each test fails when
// the rule it guards is taken away. Those that need a live kernel are in test/live.
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ALL_TABLES } from './tables/read-tables.ts'
import { collectSockets } from './read.ts'
import type { Socket } from './model.ts'
import { isInetRow, type TableName } from './tables/socket-row.ts'
import { NUMERIC } from './names/names.ts'
import { parseNetlinkTable } from './tables/netlink.ts'
import { parsePacketTable } from './tables/packet.ts'
import { parseInetTable } from './tables/inet.ts'
import { parseUnixTable } from './tables/unix.ts'
import { parseCmdline } from '../processes/pid-cmdline.ts'
import { parseExeLink } from '../processes/pid-exe.ts'
import { parsePidStat } from '../processes/pid-stat.ts'
import { parsePidStatus } from '../processes/pid-status.ts'
import { localText, ownersText, stateText, timerText, userText, whyText } from './show/cell-text.ts'
import { socketJson } from './show/socket-json.ts'
import { openSource } from '../proc/open-source.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { changing, procOf, refuse, TCP_HEADER, tcpRow, UDP_HEADER, UNIX_HEADER } from '../../test/support/fake-proc.ts'

const ZOO = fileURLToPath(new URL('../../fixtures/zoo.snap.json', import.meta.url))
const context = { names: NUMERIC, userHz: 100 }

function look(source: ProcSource, tables: readonly TableName[] = ALL_TABLES, level: 'name' | 'full' = 'name') {
  return collectSockets(source, { tables, selection: { all: true, listening: false, ports: [] }, owners: level })
}
const socketAt = (sockets: Socket[], port: number) =>
  sockets.find(({ row }) => isInetRow(row) && row.localPort === port)!
const tcp = (rows: string) => ({ 'net/tcp': TCP_HEADER + rows })

describe('addresses and tables', () => {
  test('A1 a recording of a big-endian machine tells its byte order by its loopback addresses', () => {
    const big = procOf({ files: tcp(tcpRow({ local: '7F000001:0016' })), meta: { endian: undefined } })
    expect(localText(look(big).sockets[0]!, context)).toBe('127.0.0.1:22')
    const told = procOf({ files: tcp(tcpRow({ local: 'C0000201:0016' })), meta: { endian: 'big' } })
    expect(localText(look(told).sockets[0]!, context)).toBe('192.0.2.1:22')
    const untold = procOf({ files: tcp(tcpRow({ local: '010200C0:0016' })), meta: { endian: undefined } })
    expect(look(untold)).toMatchObject({ byteOrderAssumed: true })
    expect(localText(look(untold).sockets[0]!, context)).toBe('192.0.2.1:22')
  })

  test.each([
    ['B80D012078563412F0DEBC9A78563412', true, '2001:db8:1234:5678:9abc:def0:1234:5678'],
    ['20010DB8123456789ABCDEF012345678', false, '2001:db8:1234:5678:9abc:def0:1234:5678'],
    ['00000000000000000000000001000000', true, '::1'],
    ['0000000000000000FFFF00000100007F', true, '::ffff:127.0.0.1'],
    ['000080FE00000000FFAD7CFE66E156FE', true, 'fe80::fe7c:adff:fe56:e166'],
    ['00000000000000000000000000000000', true, '::'],
  ])('A2 the four words of an IPv6 address each have the machine order: %s', (hex, little, text) => {
    const { rows } = parseInetTable(Buffer.from(TCP_HEADER + tcpRow({ local: `${hex}:0016` })), 'tcp6', little)
    expect(rows[0]?.localAddress).toBe(text)
  })

  test('A3 ports, queues and retransmits are hex, uid, timeout and inode decimal, unix counters hex', () => {
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
    expect(
      parseUnixTable(Buffer.from(`${UNIX_HEADER}00000000aaaaaaaa: 0000000A 00000000 00010000 0001 01    10 @x\n`))
        .rows[0],
    ).toMatchObject({ refs: 10, inode: '10' })
  })

  test('A4 an inode is a string: 64 bits are kept, and a leading zero is no octal', () => {
    const huge = '18446744073709551615'
    const source = procOf({
      files: { ...tcp(tcpRow({ inode: huge })), '9/cmdline': 'a\0' },
      links: { '9/fd/3': `socket:[${huge}]`, '9/fd/4': 'socket:[010]' },
    })
    const { sockets, search } = look(source, ['tcp'], 'full')
    expect(ownersText(sockets[0]!)).toBe('9/a')
    expect(search?.unlisted).toEqual([{ inode: '010', pids: [9] }])
  })

  test('A5 the uid is the creator; where the kernel has forgotten it, it is not shown as root', () => {
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
    expect(sockets.map(socket => userText(socket, context))).toEqual(['0', '-', '-'])
    expect(sockets.map(socket => socketJson(socket, 100))).toMatchObject([
      { uid: 0 },
      { uid: undefined },
      { uid: undefined },
    ])
    expect(sockets[0]!.owners![0]!.process.effectiveUid).toBe(33)
  })

  test("A6 a listener's Recv-Q is its accept queue", async () => {
    const { sockets } = look(await openSource(ZOO, undefined))
    expect(socketAt(sockets, 1001).row).toMatchObject({ state: 10, rxQueueBytes: 2, txQueueBytes: 0 })
  })

  test('A7 sockets in no table are listed as held, and a state without a name does not end the table', async () => {
    const { search } = look(await openSource(ZOO, undefined), ALL_TABLES, 'full')
    const bound = ['499695', '499696', '499698', '500755', '500289', '500290']
    expect(search!.unlisted!.map(({ inode }) => inode)).toEqual(expect.arrayContaining(bound))
    const { sockets } = look(
      procOf({ files: tcp(tcpRow({ state: '0C' }) + tcpRow({ state: '0D', inode: '2' }) + tcpRow({ inode: '3' })) }),
      ['tcp'],
    )
    expect(sockets.map(stateText)).toEqual(['UNKNOWN(12)', 'UNKNOWN(13)', 'LISTEN'])
  })

  test('A8 a timer without a name is printed by its number', () => {
    const { sockets } = look(procOf({ files: tcp(tcpRow({ timer: '05:00000010', retransmits: '00000003' })) }), ['tcp'])
    expect(timerText(sockets[0]!, context)).toBe('unkn-5 (0.16/3/0)')
  })

  test('A9 rows of MPTCP subflows are shown as the TCP they are', async () => {
    const { sockets } = look(await openSource(ZOO, undefined))
    expect(ownersText(socketAt(sockets, 1030))).toBe('11/python3,63/python3')
  })

  test('A10 kinds without a table (vsock, xdp) are held but unlisted; SCTP is read where the kernel has it', async () => {
    const { search } = look(await openSource(ZOO, undefined), ALL_TABLES, 'full')
    expect(search!.unlisted).toContainEqual({ inode: '500289', pids: [11, 63] })
    const sctp = procOf({
      files: {
        'net/sctp/eps':
          ' ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\nffff8801 ffff8802 2   10  29   5000   0 4711 192.0.2.1 \n',
        'net/sctp/assocs':
          ' ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS HBINT INS OUTS MAXRT T1X T2X RTXC\nffff8803 ffff8804 2   1   3  0      7        5        6       0 4712 5000 40000 *192.0.2.1 <-> *192.0.2.2 198.51.100.2 7500 10 10 10 0 0 0\n',
      },
    })
    expect(
      look(sctp, ['sctp']).sockets.map(socket => [stateText(socket), localText(socket, context), socket.row.inode]),
    ).toEqual([
      ['LISTEN', '192.0.2.1:5000', '4711'],
      ['ESTABLISHED', '192.0.2.1:5000', '4712'],
    ])
    expect(look(procOf({ files: {} }), ['sctp']).tables.missing).toContainEqual({ table: 'sctp', code: 'ENOENT' })
  })

  test('A11 packet sockets have an interface index and a hex protocol, netlink ports are no pids', () => {
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
    const netlink = parseNetlinkTable(
      Buffer.from(
        'sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n00000000ec97306a 15  4294963199 00000011 0        0        0     2        3        500288  \n',
      ),
    )
    expect(netlink.rows[0]).toMatchObject({ protocol: 15, portId: 4294963199, groups: 17, drops: 3, inode: '500288' })
    const kernel = procOf({
      files: {
        'net/netlink':
          'sk\n000000002d1856f3 0   0          00000000 0        0        0     2        0        499598  \n',
      },
    })
    expect(whyText(look(kernel, ['netlink']).sockets[0]!)).toBe('kernel')
  })
})

describe('the text of the tables', () => {
  test('P1 short rows end after the pointer, the last line may lack its newline, a bogus line costs only itself', () => {
    const rows =
      tcpRow({ state: '06', rest: '' }) + '   1: 0100007F:1F91 nonsense\n' + tcpRow({ inode: '7001' }).trimEnd()
    const parsed = parseInetTable(Buffer.from(TCP_HEADER + rows), 'tcp', true)
    expect(parsed.rows.map(row => row.state)).toEqual([6, 10])
    expect(parsed.bogus).toEqual([{ file: 'net/tcp', line: 3, text: '   1: 0100007F:1F91 nonsense' }])
  })

  test('P2 a unix path may hold blanks, newlines, escapes and bytes that are no text', () => {
    const names = ['/a b.sock', '/a\nb.sock', '/\x1b[31m.sock', '/\xff\xfe.sock', '@with@nul', `/${'L'.repeat(107)}`]
    const text =
      UNIX_HEADER +
      names.map((name, i) => `00000000aaaaaaa${i}: 00000002 00000000 00010000 0001 01   ${100 + i} ${name}\n`).join('')
    const { rows, bogus } = parseUnixTable(Buffer.from(text, 'latin1'))
    expect(rows.map(row => row.path)).toEqual(names)
    expect(bogus).toEqual([])
  })

  test('P3 a row forged by the name of a socket is told from a real one', async () => {
    const { sockets } = look(await openSource(ZOO, undefined))
    expect(sockets.filter(socket => socket.unverified).map(({ row }) => row.inode)).toEqual(['99999'])
  })

  test("P3 the kernel's own count of unix sockets clears every row at once", () => {
    const rows =
      '00000000aaaaaaaa: 00000002 00000000 00010000 0001 01 1 @a\n00000000bbbbbbbb: 00000002 00000000 00010000 0001 01 2 @b\n'
    const files = { 'net/unix': UNIX_HEADER + rows }
    const protocols = (count: number) => ({
      'net/protocols': `protocol size sockets\nUNIX 1152 ${count} -1 NI\nUNIX-STREAM 1152 0 -1 NI\n`,
    })
    const suspects = (count: number) =>
      look(procOf({ files: { ...files, ...protocols(count) } }), ['unix']).sockets.filter(socket => socket.unverified)
    expect(suspects(2)).toHaveLength(0)
    expect(suspects(1).map(({ row }) => row.inode)).toEqual(['2'])
  })

  test('P3 a forged row that names an inode its maker really holds makes neither of the two believed', () => {
    const rows =
      '00000000aaaaaaaa: 00000002 00000000 00010000 0001 01 1 @a\n00000000bbbbbbbb: 00000002 00000000 00010000 0001 01 2 @b\n00000000cccccccc: 00000002 00000000 00000000 0001 01 2\n'
    const source = procOf({
      files: { 'net/unix': UNIX_HEADER + rows, '9/cmdline': 'evil\0' },
      links: { '9/fd/1': 'socket:[1]', '9/fd/2': 'socket:[2]' },
    })
    expect(look(source, ['unix']).sockets.map(socket => socket.unverified ?? false)).toEqual([false, true, true])
  })

  test('P4 a udp table that changes under the reader is read until it is whole', () => {
    const row = (inode: number) =>
      tcpRow({
        state: '07',
        local: `0100007F:${(1000 + inode).toString(16).padStart(4, '0')}`,
        inode: String(inode),
        pointer: inode.toString(16).padStart(16, '0'),
        rest: ' 0',
      })
    const all = Array.from({ length: 100 }, (_, i) => i + 1)
    let reads = 0
    const source = changing(procOf({ files: {} }), {
      readFile: path => {
        if (path !== 'net/udp') return refuse('ENOENT', path)
        reads += 1
        // Every read skips other rows and repeats one.
        const seen = all.filter(inode => (inode + reads) % 7 !== 0)
        return Buffer.from(UDP_HEADER + [...seen, seen[0]!].map(row).join(''))
      },
    })
    const { sockets, tables } = collectSockets(source, {
      tables: ['udp'],
      selection: { all: true, listening: false, ports: [] },
      owners: undefined,
    })
    expect(sockets.map(({ row: { inode } }) => Number(inode)).sort((a, b) => a - b)).toEqual(all)
    expect(tables).toMatchObject({ duplicates: 1, recovered: 14 })
  })

  test('P5 twins on one port are two sockets; the same socket read twice is one', () => {
    const twins = tcpRow({ inode: '1', pointer: 'a' }) + tcpRow({ inode: '2', pointer: 'b' })
    const torn =
      tcpRow({ state: '06', inode: '0', pointer: 'c', rest: '' }).repeat(2) +
      tcpRow({ state: '06', inode: '0', pointer: 'd', rest: '' })
    const { sockets, tables } = look(procOf({ files: tcp(twins + torn) }), ['tcp'])
    expect(sockets).toHaveLength(4)
    expect(tables.duplicates).toBe(1)
  })

  test('P5 rows of an odd table that share an inode but no address are all kept', async () => {
    const source = await openSource(
      fileURLToPath(new URL('../../fixtures/netstat/prometheus/proc.tar', import.meta.url)),
      undefined,
    )
    expect(look(source, ['tcp']).sockets).toHaveLength(3)
  })

  test('P6 the tables of another namespace are read below a process that lives there', () => {
    const source = procOf({ files: { 'net/tcp': TCP_HEADER, '9/net/tcp': TCP_HEADER + tcpRow() } })
    const read = (folder?: string) =>
      collectSockets(source, {
        tables: ['tcp'],
        selection: { all: true, listening: false, ports: [] },
        owners: undefined,
        ...(folder && { folder }),
      })
    expect(read().sockets).toHaveLength(0)
    expect(read('9/net').sockets).toHaveLength(1)
  })
})

describe('owners', () => {
  test('O1 every process that holds a socket is named', async () => {
    const { sockets } = look(await openSource(ZOO, undefined))
    expect(ownersText(socketAt(sockets, 1001))).toBe('11/python3,63/python3')
  })

  test('O2 sockets without an inode are not one socket, and each has its own reason', async () => {
    const { sockets } = look(await openSource(ZOO, undefined))
    const withoutInode = sockets.filter(({ row }) => row.table === 'tcp' && row.inode === '0')
    expect(withoutInode.map(socket => [stateText(socket), socket.ownerless?.reason])).toEqual([
      ['ESTABLISHED', 'accept-queue'],
      ['ESTABLISHED', 'accept-queue'],
      ['FIN_WAIT2', 'orphan'],
      ['ESTABLISHED', 'accept-queue'],
      ['LAST_ACK', 'orphan'],
      ['TIME_WAIT', 'time-wait'],
      ['SYN_RECV', 'syn-queue'],
    ])
    expect(withoutInode[0]!.ownerless).toEqual({ reason: 'accept-queue', listenerPids: [11, 63] })
    expect(withoutInode.every(socket => ownersText(socket) === '-')).toBe(true)
  })

  test('O2 an accept queue belongs to the listener on its own address before one on any address', () => {
    const source = procOf({
      files: {
        ...tcp(
          tcpRow({ inode: '1' }) +
            tcpRow({ local: '00000000:1F90', inode: '2' }) +
            tcpRow({ remote: '0100007F:9999', state: '01', inode: '0' }),
        ),
        '8/cmdline': 'own\0',
        '9/cmdline': 'any\0',
      },
      links: { '8/fd/3': 'socket:[1]', '9/fd/3': 'socket:[2]' },
    })
    expect(look(source, ['tcp']).sockets[2]!.ownerless).toEqual({ reason: 'accept-queue', listenerPids: [8] })
  })

  test('O3 a thread that left the shared descriptor table is searched', async () => {
    const { sockets } = look(await openSource(ZOO, undefined))
    expect(socketAt(sockets, 1043).owners).toMatchObject([{ heldBy: 'thread', tids: [64], process: { pid: 11 } }])
    expect(whyText(socketAt(sockets, 1043))).toBe('in the descriptor table of thread 64')
  })

  test('O4 a socket registered with an io_uring has an owner', () => {
    const source = procOf({
      files: {
        ...tcp(tcpRow()),
        '9/cmdline': 'uring\0',
        '9/fdinfo/4': 'pos:\t0\nflags:\t02000002\nSqMask:\t0x7\nUserFiles:\t1\n    0: socket:[7000]\nUserBufs:\t0\n',
      },
      links: { '9/fd/4': 'anon_inode:[io_uring]' },
    })
    const [socket] = look(source, ['tcp']).sockets
    expect(ownersText(socket!)).toBe('9/uring')
    expect(whyText(socket!)).toBe('registered with an io_uring')
  })

  test('O5 a socket in flight over a unix socket names who may receive it', () => {
    const source = procOf({
      files: {
        ...tcp(tcpRow()),
        'net/unix': `${UNIX_HEADER}00000000aaaaaaaa: 00000003 00000000 00000000 0001 03 50\n`,
        '9/cmdline': 'a\0',
        '9/fdinfo/5': 'pos:\t0\nscm_fds: 1\n',
      },
      links: { '9/fd/5': 'socket:[50]' },
    })
    expect(socketAt(look(source).sockets, 8080).ownerless).toEqual({ reason: 'in-flight', candidatePids: [9] })
  })

  test('O6, O7 a socket of another namespace is held but in no table of ours', () => {
    const source = procOf({
      files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' },
      links: { '9/fd/3': 'socket:[7000]', '9/fd/4': 'socket:[8000]' },
    })
    expect(look(source, ['tcp'], 'full').search!.unlisted!).toEqual([{ inode: '8000', pids: [9] }])
  })

  test('O8 a pid that went to another process is not named', () => {
    const base = procOf({ files: { ...tcp(tcpRow()), '9/cmdline': 'stranger\0' } })
    let reads = 0
    const source = changing(base, {
      list: path => (path === '' ? ['9'] : path === '9/fd' ? ['3'] : refuse('ENOENT', path)),
      // The first process held the socket; by the time its name was read, the pid was another's.
      readLink: path => (path === '9/fd/3' ? (++reads === 1 ? 'socket:[7000]' : 'socket:[1]') : refuse('ENOENT', path)),
    })
    const { sockets, search } = look(source, ['tcp'])
    expect(sockets[0]!.owners).toEqual([])
    expect(search!.vanished).toBe(1)
  })

  test('O8 facts whose start time changed while they were read are not believed', () => {
    const stat = (start: number) => `9 (a) S 1 ${'0 '.repeat(17)}${start} 0\n`
    const base = procOf({ files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' }, links: { '9/fd/3': 'socket:[7000]' } })
    let reads = 0
    const source = changing(base, {
      readFile: path => (path === '9/stat' ? Buffer.from(stat(100 + reads++)) : base.readFile(path)),
    })
    expect(look(source, ['tcp'], 'full').sockets[0]!.owners).toEqual([])
    expect(parsePidStat(Buffer.from(stat(100)))?.startTicks).toBe(100)
  })

  test('O8 tables are read before descriptors', () => {
    const order: string[] = []
    const base = procOf({ files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' }, links: { '9/fd/3': 'socket:[7000]' } })
    look(
      {
        ...base,
        readFile: path => (order.push(path), base.readFile(path)),
        readLink: path => (order.push(path), base.readLink(path)),
      },
      ['tcp'],
    )
    expect(order.indexOf('net/tcp')).toBeLessThan(order.indexOf('9/fd/3'))
  })

  test('O9 what is hidden by permission is counted, and said to be hidden', () => {
    const source = procOf({
      files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' },
      links: { '9/fd/3': 'socket:[1]' },
      errors: { '8/fd': 'EACCES', '7/fd': 'EACCES' },
    })
    const { sockets, search } = look(source, ['tcp'])
    expect(Object.fromEntries(search!.unreadable)).toEqual({ EACCES: 2 })
    expect(sockets[0]!.ownerless).toEqual({ reason: 'hidden' })
    expect(search!.hiddenSockets).toBe(1)
  })

  test('O10 under hidepid the missing owners are hidden, not absent', () => {
    const mountinfo = '22 1 0:21 / /proc rw,relatime - proc proc rw,hidepid=invisible\n'
    const files = {
      ...tcp(tcpRow()),
      'self/mountinfo': mountinfo,
      'self/status': 'CapEff:\t0000000000000000\n',
      '9/cmdline': 'a\0',
    }
    const links = { '9/fd/3': 'socket:[1]' }
    expect(look(procOf({ files, links }), ['tcp']).sockets[0]!.ownerless).toEqual({ reason: 'hidden' })
    const capable = { ...files, 'self/status': 'CapEff:\t0000000000080000\n' }
    expect(look(procOf({ files: capable, links }), ['tcp']).sockets[0]!.ownerless).toEqual({ reason: 'none-found' })
  })

  test('O11 where everybody was looked at, a socket without owner is the kernel’s or gone', () => {
    const source = procOf({ files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' }, links: { '9/fd/3': 'socket:[1]' } })
    expect(look(source, ['tcp']).sockets[0]!.ownerless).toEqual({ reason: 'none-found' })
  })

  test('a recording without descriptors says so', () => {
    expect(look(procOf({ files: tcp(tcpRow()) }), ['tcp']).sockets[0]!.ownerless).toEqual({ reason: 'not-recorded' })
  })
})

describe('names', () => {
  test('N1 a command name may hold brackets, blanks and newlines', () => {
    const stat = parsePidStat(Buffer.from(`82 (a) S (b\nc) S 1 82 82 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 4242 0\n`))
    expect(stat).toEqual({
      comm: 'a) S (b\nc',
      state: 'S',
      parentPid: 1,
      processGroup: 82,
      terminal: 0,
      foregroundGroup: -1,
      threads: 3,
      startTicks: 4242,
    })
  })

  test('N2 command lines: blanked, rewritten, longer than a page, not text', async () => {
    expect(parseCmdline(Buffer.from(''))).toEqual([])
    expect(parseCmdline(Buffer.from('\0\0\0'))).toEqual([])
    expect(parseCmdline(Buffer.from('nginx: master process x\0\0\0'))).toEqual(['nginx: master process x'])
    expect(parseCmdline(Buffer.from('a\0\0b\0'))).toEqual(['a', '', 'b'])
    expect(parseCmdline(Buffer.from(`x\0${'y'.repeat(9000)}\0`))[1]).toHaveLength(9000)
    const { sockets } = look(await openSource(ZOO, undefined))
    expect(ownersText(socketAt(sockets, 4012))).toBe('85/python3')
    expect(ownersText(socketAt(sockets, 4002))).toBe(String.raw`68/evil\x1b[31mRED\nline2\tTAB`)
  })

  test('N3 a deleted executable is marked, a file that is called so is not', async () => {
    expect(parseExeLink('/usr/bin/x (deleted)')).toEqual({ path: '/usr/bin/x', deleted: true })
    expect(parseExeLink('/usr/bin/x (deleted)', true)).toEqual({ path: '/usr/bin/x (deleted)', deleted: false })
    const { sockets } = look(await openSource(ZOO, undefined), ALL_TABLES, 'full')
    expect(socketAt(sockets, 4008).owners![0]!.process.exe).toMatchObject({ deleted: true })
  })

  test('N4 pids of nested namespaces are known, and a pid namespace explains missing owners', () => {
    expect(parsePidStatus(Buffer.from('Name:\tx\nNSpid:\t4711\t17\t1\n')).nsPids).toEqual([4711, 17, 1])
    const source = procOf({
      files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' },
      links: { '9/fd/3': 'socket:[1]', 'self/ns/pid': 'pid:[4026532178]' },
    })
    expect(look(source, ['tcp']).sockets[0]!.ownerless).toEqual({ reason: 'outside-pid-namespace' })
  })

  test('N5 a host name is text of strangers', () => {
    const { sockets } = look(procOf({ files: tcp(tcpRow()) }), ['tcp'])
    const names = { ...NUMERIC, host: () => 'evil\x1b[2Jhost', service: () => 'web\n' }
    expect(localText(sockets[0]!, { names, userHz: 100 })).toBe(String.raw`evil\x1b[2Jhost:web\n`)
  })
})
