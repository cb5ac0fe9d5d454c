import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fixture } from '../../../../test/support/paths.ts'
import { dumpOf } from '../../../../test/support/socket-dump.ts'
import type { DumpFamily } from '../../../proc/proc-source.ts'
import type { KernelFacts } from '../../kernel-facts.ts'
import type { SocketRow } from '../../tables/socket-row.ts'
import type { TcpInfo } from '../../tcp-info.ts'
import { socketsOfDump } from './sockets-of-dump.ts'

/** What ss 7.1 shows of the sockets whose dumps lie beside it: see fixtures/README.md. */
interface SsRow {
  netid: string
  state: string
  rx: number
  tx: number
  local: string
  peer: string
  inode: string
  mark: string
}

const ssRows: SsRow[] = readFileSync(fixture('diag/rows.tsv'), 'utf8')
  .split('\n')
  .slice(1, -1)
  .map(line => {
    const [, netid, state, rx, tx, local, peer, inode, mark] = line.split('\t')
    return {
      netid: netid!,
      state: state!,
      rx: Number(rx),
      tx: Number(tx),
      local: local!,
      peer: peer!,
      inode: inode!,
      mark: mark!,
    }
  })

interface Dumped {
  row: SocketRow
  facts: KernelFacts
}

function dumped(...families: DumpFamily[]): Dumped[] {
  return families.flatMap(family => {
    const { rows, facts, whole } = socketsOfDump(dumpOf(family))
    expect(whole).toBe(true)
    return rows.map((row, i) => ({ row, facts: facts[i]! }))
  })
}

const SS_STATES = [
  '',
  'ESTAB',
  'SYN-SENT',
  'SYN-RECV',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'UNCONN',
  'CLOSE-WAIT',
  'LAST-ACK',
  'LISTEN',
  'CLOSING',
  '',
  // Bound, but neither listening nor connected: ss calls it UNCONN too.
  'UNCONN',
]

/** A socket in ss's words. The interface of the zoo is veth0, number 3. */
function asSs({ row, facts }: Dumped): SsRow {
  if (row.table === 'packet' || row.table === 'netlink' || row.table === 'sctp' || row.table === 'unix') throw row
  const v6 = row.table.endsWith('6')
  const scope = facts.interfaceIndex === undefined ? '' : '%veth0'
  const end = (address: string, port: number, device: string, any: string) => {
    const host = v6 ? (address === '::' ? any : `[${address}]`) : address
    return `${host}${device}:${port === 0 ? '*' : port}`
  }
  // Of a socket that waits for others ss shows whether it takes IPv4.
  const any = facts.v6only === false ? '*' : '[::]'
  const mark = facts.mark ?? 0
  return {
    netid: row.table.startsWith('tcp') ? 'tcp' : 'udp',
    state: SS_STATES[row.state]!,
    rx: row.rxQueueBytes,
    tx: row.acceptQueueLimit ?? row.txQueueBytes,
    local: end(row.localAddress, row.localPort, scope, any),
    peer: end(row.remoteAddress, row.remotePort, '', any),
    inode: row.inode,
    mark: mark === 0 ? '' : `0x${mark.toString(16)}`,
  }
}

const sorted = (rows: readonly SsRow[]) =>
  rows.toSorted((a, b) => `${a.inode} ${a.local}`.localeCompare(`${b.inode} ${b.local}`))

describe('dumps of a zoo, against what ss showed of it', () => {
  test.each([
    ['tcp', ['tcp', 'tcp6'], 56],
    ['udp', ['udp', 'udp6'], 9],
  ] as const)('every %s socket: state, queues, both ends, device, inode, mark', (netid, families, count) => {
    const expected = ssRows.filter(row => row.netid === netid)
    expect(expected).toHaveLength(count)
    expect(sorted(dumped(...families).map(asSs))).toEqual(sorted(expected))
  })

  test('every unix socket: kind, queues, name, inode and that of its peer', () => {
    const expected = ssRows.filter(row => row.netid.startsWith('u_'))
    expect(expected).toHaveLength(15)
    const shown: SsRow[] = dumped('unix').map(({ row, facts }) => {
      if (row.table !== 'unix') throw new Error(row.table)
      const listens = row.flags !== 0
      return {
        netid: { 1: 'u_str', 2: 'u_dgr', 5: 'u_seq' }[row.type]!,
        state: listens ? 'LISTEN' : row.state === 3 || row.type === 2 ? 'ESTAB' : 'UNCONN',
        rx: row.rxQueueBytes!,
        tx: listens ? row.acceptQueueLimit! : 0,
        local: row.path ?? '*',
        peer: facts.peerInode ?? '0',
        inode: row.inode,
        mark: '',
      }
    })
    const byInode = (a: { inode: string }, b: { inode: string }) => a.inode.localeCompare(b.inode)
    expect(shown.toSorted(byInode)).toEqual(expected.toSorted(byInode))
  })

  test('the packet sockets', () => {
    // One more packet came between the two recordings.
    expect(dumped('packet').map(({ row, facts }) => ({ ...row, index: facts.interfaceIndex }))).toMatchObject([
      { type: 3, protocol: 3, interfaceIndex: 3, index: 3, inode: '2401078', rxQueueBytes: 2496, uid: 0 },
      { type: 2, protocol: 2054, interfaceIndex: 0, index: undefined, inode: '2401082', rxQueueBytes: 0, uid: 0 },
    ])
  })

  test('the netlink sockets, each once', () => {
    const shown = dumped('netlink').map(({ row }) =>
      row.table === 'netlink' ? `${row.protocol}:${row.portId} ${row.rxQueueBytes}` : row.table,
    )
    const expected = ssRows.filter(({ netid }) => netid === 'nl').map(({ local, rx }) => `${local} ${rx}`)
    // The one that asked stands in its own answer.
    expect(shown.toSorted()).toEqual([...expected, '4:879 4352'].toSorted())
    expect(new Set(shown).size).toBe(shown.length)
  })
})

describe('tcp_info and memory of the zoo, against ss -tinem', () => {
  /** cookie → what ss says of the socket. */
  const told = new Map<string, string>()
  const lines = readFileSync(fixture('diag/ss-7.1-antiem.txt'), 'utf8').split('\n')
  for (const [i, line] of lines.entries()) {
    const cookie = /^\S.* sk:([0-9a-f]+)/.exec(line)?.[1]
    if (cookie !== undefined) told.set(BigInt(`0x${cookie}`).toString(), `${line} ${lines[i + 1]}`)
  }

  const ms = (us: number | undefined) => (us === undefined ? undefined : String(us / 1000))
  const text = (value: number | undefined) => (value ? String(value) : undefined)
  const bits = (bytesPerSecond: number | undefined) => (bytesPerSecond ? `${bytesPerSecond * 8}bps` : undefined)
  const or = (a: number | undefined, b: number | undefined) => (a || b ? `${a}/${b}` : undefined)

  /** ss's words for fields that stay as they are while a connection is idle. */
  const WORDS: Record<string, (info: TcpInfo) => string | undefined> = {
    rto: info => (info.rtoUs === 3_000_000 ? undefined : ms(info.rtoUs || undefined)),
    rtt: info => (info.rttUs === undefined ? undefined : `${ms(info.rttUs)}/${ms(info.rttvarUs)}`),
    ato: info => ms(info.atoUs || undefined),
    mss: info => text(info.sndMssBytes),
    pmtu: info => text(info.pmtuBytes),
    rcvmss: info => text(info.rcvMssBytes),
    advmss: info => text(info.advmssBytes),
    cwnd: info => text(info.sndCwnd),
    bytes_sent: info => text(info.bytesSent),
    bytes_acked: info => text(info.bytesAcked),
    bytes_received: info => text(info.bytesReceived),
    segs_out: info => text(info.segsOut),
    segs_in: info => text(info.segsIn),
    pacing_rate: info => bits(info.pacingRateBytesPerSecond),
    delivery_rate: info => bits(info.deliveryRateBytesPerSecond),
    delivered: info => text(info.delivered),
    busy: info => (info.busyTimeUs ? `${info.busyTimeUs / 1000}ms` : undefined),
    unacked: info => text(info.unacked),
    retrans: info => or(info.retrans, info.totalRetrans),
    lost: info => text(info.lost),
    rcv_space: info => text(info.rcvSpaceBytes),
    rcv_ssthresh: info => text(info.rcvSsthreshBytes),
    minrtt: info => ms(info.minRttUs || undefined),
    snd_wnd: info => text(info.sndWndBytes),
    rcv_wnd: info => text(info.rcvWndBytes),
    wscale: info => (info.options & 4 ? `${info.sndWscale},${info.rcvWscale}` : undefined),
  }

  const sockets = dumped('tcp', 'tcp6')

  /** `word:value`, or `word value` of a rate. */
  const valueOf = (line: string, word: string) =>
    new RegExp(`(?<=[ )])${word}[: ]([0-9./,]+(?:bps|ms)?)`).exec(line)?.[1]

  test('every connection has its line', () => {
    expect(sockets).toHaveLength(56)
    expect(sockets.filter(({ facts }) => told.has(facts.cookie))).toHaveLength(56)
    expect(sockets.filter(({ facts }) => facts.tcpInfo !== undefined)).toHaveLength(50)
  })

  test.each(Object.keys(WORDS))('%s', word => {
    let seen = 0
    for (const { row, facts } of sockets) {
      const info = facts.tcpInfo
      // What retransmits meanwhile changed between the two recordings; a listener has little of it.
      if (
        info === undefined ||
        row.table === 'unix' ||
        ['10', '2', '13', '7'].includes(String((row as { state: number }).state))
      )
        continue
      const line = told.get(facts.cookie)!
      expect(WORDS[word]!(info), line).toBe(valueOf(line, word))
      if (valueOf(line, word) !== undefined) seen += 1
    }
    // Some of these connections never sent, lost or resent anything.
    expect(seen > 0 || ['bytes_sent', 'unacked', 'retrans', 'lost'].includes(word)).toBe(true)
  })

  test('flags, memory, congestion control, directions that are shut, cgroup', () => {
    for (const { facts } of sockets) {
      const line = told.get(facts.cookie)!
      const { memory, tcpInfo, congestion, shutdown, cgroupId } = facts
      if (memory !== undefined)
        expect(line).toContain(
          `skmem:(r${memory.receivedBytes},rb${memory.receiveLimitBytes},t${memory.sentBytes},tb${memory.sendLimitBytes},f${memory.forwardBytes},w${memory.queuedBytes},o${memory.optionBytes},bl${memory.backlogBytes},d${memory.drops})`,
        )
      expect(memory === undefined).toBe(!line.includes('skmem:'))
      if (tcpInfo) {
        expect((tcpInfo.options & 1) !== 0).toBe(/ ts /.test(line))
        expect((tcpInfo.options & 2) !== 0).toBe(/ sack /.test(line))
        expect(tcpInfo.deliveryRateAppLimited).toBe(/ app_limited\b/.test(line))
      }
      if (/ bbr /.test(line)) expect(congestion).toBe('bbr')
      expect(cgroupId !== undefined).toBe(line.includes('cgroup:'))
      const arrows = { 0: '<->', 1: '-->', 2: '<--', 3: '---' }[shutdown ?? -1]
      if (arrows !== undefined) expect(line).toContain(arrows)
      else expect(line).not.toMatch(/(<->|-->|<--|---)/)
    }
  })
})
