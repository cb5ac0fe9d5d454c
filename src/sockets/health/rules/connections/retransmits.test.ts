import { describe, expect, test } from 'vitest'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import { TCP_TIMER } from '../../../../kernel/tcp-timer.ts'
import { connection, later, listener, once, twice } from '../../../../../test/support/health-looks.ts'
import type { InetSocket } from '../../look.ts'
import type { KernelFacts } from '../../../model.ts'
import { retransmits } from './retransmits.ts'

const counters = (again: number, sent: number, handshakes = 0) => ({
  counters: { 'Tcp.RetransSegs': again, 'Tcp.OutSegs': sent, 'TcpExt.TCPSynRetrans': handshakes },
})
const rising = (again: number, sent: number, handshakes = 0) => ({
  before: counters(0, 0),
  now: counters(again, sent, handshakes),
})
const waiting = connection(443, {
  remoteAddress: '192.0.2.9',
  localPort: 2001,
  inode: '5',
  timer: TCP_TIMER.retransmit,
  retransmits: 1,
  txQueueBytes: 512,
  pid: 7,
})
const silent = later(waiting, { retransmits: 3 })

test('a share of all segments, to one peer', () => {
  expect(twice(retransmits, [waiting], [waiting], rising(11, 500))).toMatchInlineSnapshot(`
    [
      {
        "code": "retransmits",
        "culprit": {
          "cmdline": "app",
          "comm": undefined,
          "container": undefined,
          "pid": 7,
          "unit": undefined,
        },
        "culprits": [
          {
            "pid": 7,
            "program": "app",
          },
        ],
        "do": [
          "look at the way to that peer: ip -s link, mtr; other peers are not affected",
        ],
        "doing": undefined,
        "evidence": [
          "11 of 500 segments sent again in 2.0 s, handshakes not counted (net/snmp RetransSegs, OutSegs; from 1 % and 10 on)",
          "1 connection with one peer wait for an answer: 192.0.2.9 (app (pid 7))",
        ],
        "finding": "app (pid 7) sends segments again: 2.2 % of those of all connections here get lost on the way to 192.0.2.9",
        "measured": [
          {
            "source": "RetransSegs of net/snmp",
            "threshold": "retransmittedSegments",
            "value": 11,
          },
          {
            "source": "OutSegs of net/snmp",
            "threshold": "retransmittedShare",
            "value": 0.022,
          },
        ],
        "not": [
          "TCP settings: a loss on the way is not mended by them",
        ],
        "reach": 11,
        "says": "sends segments again: 2.2 % of those of all connections here get lost on the way to 192.0.2.9",
        "severity": "warning",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

test('to several peers', () => {
  const other = connection(443, { remoteAddress: '192.0.2.8', timer: TCP_TIMER.retransmit, retransmits: 1 })
  const [found] = twice(retransmits, [waiting, other], [waiting, other], rising(11, 500))
  expect(found!.evidence[1]).toMatch(/^2 connections with 2 peers wait/)
  expect(found!.do[0]).toContain('what all have in common')
})

describe('by the counts of each connection', () => {
  const counted = (totalRetrans: number, segsOut: number, fields = {}) => ({
    ...later(waiting, { timer: 0, retransmits: 0, ...fields }),
    kernel: { cookie: '1', tcpInfo: { totalRetrans, segsOut } as NonNullable<KernelFacts['tcpInfo']> },
  })

  test('who suffers is named, on how many of its segments', () => {
    const found = twice(retransmits, [counted(5, 100)], [counted(16, 500)])
    expect(found).toMatchObject([
      {
        code: 'retransmits',
        finding: 'app (pid 7) sends segments again: 2.8 % of those of 1 connection get lost on the way to 192.0.2.9',
        evidence: ['app (pid 7) to 192.0.2.9:443: 11 of 400 segments, 2.8 % (tcp_info; from 1 % and 10 on)'],
      },
    ])
  })

  test.each([
    ['too few', counted(14, 100)],
    ['just one of a hundred', counted(15, 1100)],
    ['another socket', counted(16, 500, { inode: '6' })],
  ])('silent: %s', (_, now) => expect(twice(retransmits, [counted(5, 100)], [now])).toEqual([]))
})

test('a peer that acknowledges nothing', () => {
  expect(once(retransmits, [silent])).toMatchInlineSnapshot(`
    [
      {
        "code": "retransmits",
        "culprit": {
          "cmdline": "app",
          "comm": undefined,
          "container": undefined,
          "pid": 7,
          "unit": undefined,
        },
        "culprits": [
          {
            "pid": 7,
            "program": "app",
          },
        ],
        "do": [
          "see whether that peer is still there: a machine that went away, or a firewall or NAT that forgot the connection, says nothing",
        ],
        "doing": undefined,
        "evidence": [
          "the same segment was sent again up to 3 times without an answer (from 3 on)",
          "Send-Q 512 bytes at most",
        ],
        "finding": "app (pid 7) sends to 192.0.2.9:443 on 1 connection and gets no acknowledgement",
        "measured": [
          {
            "source": "net/tcp",
            "threshold": "retransmitBackoff",
            "value": 3,
          },
        ],
        "not": [
          "waiting: the kernel gives up only after tcp_retries2, some 15 minutes",
        ],
        "reach": 1,
        "says": "sends to 192.0.2.9:443 on 1 connection and gets no acknowledgement",
        "severity": "warning",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

describe('silent', () => {
  const check = (looks: Parameters<typeof twice>[3]) => twice(retransmits, [], [], looks)
  test.each([
    ['just one of a hundred', check(rising(10, 1000))],
    ['too few to tell', check(rising(9, 100))],
    ['they were handshakes', check(rising(11, 500, 2))],
    ['the counters are not there', check({})],
    ['a segment was sent again twice', once(retransmits, [later(silent, { retransmits: 2 })])],
    ['a keepalive is not answered', once(retransmits, [later(silent, { timer: TCP_TIMER.keepalive })])],
    ['it is a handshake, which another rule tells', once(retransmits, [later(silent, { state: TCP_STATE.synSent })])],
  ])('%s', (_, found) => expect(found).toEqual([]))
})

test('whose segments a tracer saw sent again is named, though its queue is empty now', () => {
  const socket = connection(443, { localPort: 2001, remoteAddress: '192.0.2.9', pid: 8, program: 'primary' })
  const looks = (sentAgain: { localPort: number; remotePort: number; count: number }[]) => ({
    before: { counters: { 'Tcp.RetransSegs': 0, 'Tcp.OutSegs': 0 } },
    now: {
      counters: { 'Tcp.RetransSegs': 30, 'Tcp.OutSegs': 1000 },
      traced: { accepted: () => 0, unanswered: [], sentAgain },
    },
  })
  const named = (...ports: number[]) =>
    twice(retransmits, [socket], [socket], looks(ports.map(localPort => ({ localPort, remotePort: 443, count: 1 }))))
  expect(named(2001)).toMatchObject([{ culprits: [{ pid: 8 }] }])
  expect(named()).toMatchObject([{ culprits: [] }])
})

test('a client that went away without a word accuses no server', () => {
  const client = connection(5000, { timer: TCP_TIMER.retransmit, retransmits: 3, pid: 7 })
  const severity = (sockets: InetSocket[]) => once(retransmits, sockets).map(found => found.severity)
  expect(severity([client])).toEqual(['warning'])
  expect(severity([client, listener()])).toEqual(['info'])
})
