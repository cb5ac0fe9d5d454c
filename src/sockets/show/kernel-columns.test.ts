import { describe, expect, test } from 'vitest'
import { NUMERIC_CELLS } from '../../../test/support/look-at-sockets.ts'
import { procOf } from '../../../test/support/fake-proc.ts'
import { recordedDump } from '../../../test/support/socket-dump.ts'
import type { Socket } from '../model.ts'
import { collectSockets } from '../read.ts'
import { ALL_TABLES } from '../tables/read-tables.ts'
import { SOCKET_COLUMNS, sortSockets, type SocketColumnName } from './columns.ts'
import { factsForColumns, KERNEL_COLUMNS } from './kernel-columns.ts'
import { factsJson } from './facts-json.ts'
import { localText } from './cell-text.ts'
import { tcpInfoText } from './tcp-info-text.ts'

const FAMILIES = ['tcp', 'tcp6', 'udp', 'udp6', 'unix', 'packet', 'netlink'] as const

const { sockets } = collectSockets(
  procOf({
    files: {
      ...Object.fromEntries(FAMILIES.map(family => [`diag/${family}`, recordedDump(family)])),
      'net/igmp': '3\tveth0     :     1      V3\n',
    },
  }),
  { tables: ALL_TABLES, selection: { all: true, listening: false, ports: [] }, owners: undefined },
)
const byInode = (inode: string) => sockets.find(({ row }) => row.inode === inode)!
const cells = (socket: Socket, names: readonly SocketColumnName[]) =>
  names.map(name => SOCKET_COLUMNS[name].text(socket, { ...NUMERIC_CELLS, cgroups: new Map([['1', '/']]) }))

const nobody: Socket = { ...byInode('2401013'), kernel: undefined }

describe('columns that only the kernel fills', () => {
  test('a listener bound to a device, with a limit and no mark', () => {
    const listener = byInode('2401019')
    expect(cells(listener, ['local', 'recv-q', 'backlog', 'device', 'v6only', 'mark', 'cgroup', 'shutdown'])).toEqual([
      '0.0.0.0%veth0:9000',
      '0',
      '5',
      'veth0',
      '-',
      '0x0',
      '/',
      'none',
    ])
    expect(cells(listener, ['congestion', 'rcvbuf', 'sndbuf', 'cookie', 'limited-by'])).toEqual([
      'bbr',
      '131072',
      '16384',
      String(0x2ba39),
      '-',
    ])
  })

  test('a marked connection with its numbers', () => {
    const names = ['mark', 'rtt', 'rttvar', 'minrtt', 'rto', 'cwnd', 'mss', 'pmtu', 'segs-out', 'segs-in'] as const
    expect(cells(byInode('2401044'), names)).toEqual([
      '0x10',
      '0.005',
      '0.002',
      '0.005',
      '204',
      '10',
      '32741',
      '65535',
      '2',
      '1',
    ])
    expect(cells(byInode('2401044'), ['pacing-rate', 'delivery-rate', 'send-window', 'limited-by'])).toEqual([
      '174GiB/s',
      '0B/s',
      '65483',
      'application',
    ])
  })

  test('listeners on :: as the kernel says', () => {
    expect(['2401016', '2401017', '2401069'].map(inode => localText(byInode(inode), NUMERIC_CELLS))).toEqual([
      '*:443',
      '[::]:8443',
      '*:5353',
    ])
    expect(cells(byInode('2401017'), ['v6only'])).toEqual(['yes'])
    expect(byInode('2401017').dualStack?.evidence).toBe('the kernel says that IPV6_V6ONLY is on')
  })

  test('unix: peer, queue and limit', () => {
    expect(cells(byInode('2401091'), ['peer-inode', 'recv-q', 'backlog'])).toEqual(['2401092', '0', '-'])
    expect(cells(byInode('2401085'), ['peer-inode', 'recv-q', 'backlog'])).toEqual(['-', '0', '3'])
  })

  test.each(Object.keys(KERNEL_COLUMNS) as SocketColumnName[])('%s is - where the kernel was not asked', name => {
    const socket = { ...nobody, row: { ...nobody.row, acceptQueueLimit: undefined } } as Socket
    expect(cells(socket, [name])).toEqual(['-'])
  })

  test('what they need', () => {
    expect(factsForColumns(['local', 'state'])).toBeUndefined()
    expect(factsForColumns(['local', 'backlog', 'peer-inode'])).toBe('plain')
    expect(factsForColumns(['backlog', 'congestion'])).toBe('memory')
    expect(factsForColumns(['congestion', 'rtt', 'backlog'])).toBe('tcp-info')
    expect(factsForColumns(['rcvbuf', 'rtt'])).toBe('all')
  })

  test('sorts by numbers, what is not known last where the largest come first', () => {
    const sorted = sortSockets(sockets, 'rtt', true, NUMERIC_CELLS).map(({ kernel }) => kernel?.tcpInfo?.rttUs ?? -1)
    expect(sorted[0]).toBe(Math.max(...sorted))
    expect(sorted).toEqual(sorted.toSorted((a, b) => b - a))
  })
})

describe('in JSON', () => {
  test('a listener', () => {
    expect(factsJson(byInode('2401014'))).toMatchObject({
      cookie: String(0x463ff),
      acceptQueueLimit: 5,
      acceptQueueFull: false,
      shutdown: 'none',
      mark: 0,
      cgroupId: '1',
      congestion: 'bbr',
    })
    const { row } = byInode('2401014')
    expect(factsJson({ ...nobody, row: { ...row, rxQueueBytes: 6 } })).toEqual({
      acceptQueueLimit: 5,
      acceptQueueFull: true,
    })
  })

  test('a connection to a device, with struct tcp_info', () => {
    expect(factsJson(byInode('2401050'))).toMatchObject({
      interfaceIndex: 3,
      interface: 'veth0',
      tcpInfo: { rttUs: 30, rttvarUs: 15, sndMssBytes: 1448, pmtuBytes: 1500, deliveryRateAppLimited: true },
      limitedBy: 'application',
      memory: { receiveLimitBytes: 131072, sendLimitBytes: 69120, drops: 0 },
    })
  })

  test('nothing where the kernel was not asked', () => {
    const { row } = byInode('2401072')
    expect(factsJson({ row, owners: undefined })).toEqual({})
  })
})

describe('--tcp-info', () => {
  test('says what is set, by the names of the kernel', () => {
    expect(tcpInfoText(byInode('2401050'))).toMatch(
      /^limited by application {2}bbr ts sack wscale 10,10 {2}rtt 0.03ms {2}rttvar 0.015ms {2}min_rtt 0.03ms {2}rto 204ms {2}snd_cwnd 10 {2}snd_mss 1448 /,
    )
    expect(tcpInfoText(byInode('2401050'))).not.toMatch(/lost|retrans|notsent|delivery_rate/)
    // A connection that is not made yet.
    expect(tcpInfoText(byInode('2401064'))).toMatch(
      /^ca_state loss {2}bbr .* {2}unacked 1 .* {2}total_retrans 2 {2}lost 1/,
    )
    expect(tcpInfoText(byInode('2401064'))).not.toMatch(/limited by|last_data/)
  })

  test('nothing of a listener, of UDP, and of what the kernel was not asked about', () => {
    for (const socket of [byInode('2401014'), byInode('2401072'), nobody]) expect(tcpInfoText(socket)).toBeUndefined()
  })

  test('a closed window is worth a word where data waits for it', () => {
    const info = byInode('2401050').kernel!.tcpInfo!
    const text = (facts: Partial<typeof info>) =>
      tcpInfoText({ ...byInode('2401050'), kernel: { cookie: '1', tcpInfo: { ...info, ...facts } } })
    expect(text({ sndWndBytes: 0, notsentBytes: 9 })).toMatch(/^limited by receiver ts sack wscale 10,10 {2}snd_wnd 0 /)
    expect(text({ sndWndBytes: 0, notsentBytes: 0 })).not.toContain('snd_wnd')
  })
})
