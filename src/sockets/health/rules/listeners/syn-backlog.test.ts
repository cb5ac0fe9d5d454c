import { describe, expect, test } from 'vitest'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import { connection, listener, once, twice } from '../../../../../test/support/health-looks.ts'
import { synBacklog } from './syn-backlog.ts'

const handshakes = (count: number, first = 1) =>
  Array.from({ length: count }, (_, i) =>
    connection(first + i, { state: TCP_STATE.synRecv, inode: '0', remoteAddress: `198.51.100.${i}` }),
  )
const pile = [listener(), ...handshakes(64)]

test('as many handshakes are unfinished in both looks', () => {
  expect(twice(synBacklog, pile)).toMatchInlineSnapshot(`
    [
      {
        "code": "syn-backlog",
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
          "keep net.ipv4.tcp_syncookies at 1, so that a flood costs no queue",
          "raise net.ipv4.tcp_max_syn_backlog and the backlog of listen() where the clients are honest",
        ],
        "doing": undefined,
        "evidence": [
          "64 in SYN_RECV from 64 addresses, 64 of them in both looks (a pile from 64 on)",
        ],
        "finding": "app (pid 7) has 64 half-open handshakes on 127.0.0.1:80, which their clients do not finish",
        "measured": [
          {
            "source": "net/tcp",
            "threshold": "synBacklogRows",
            "value": 64,
          },
        ],
        "not": [
          "blocking the addresses: in a flood they are invented",
        ],
        "reach": 64,
        "says": "has 64 half-open handshakes on 127.0.0.1:80, which their clients do not finish",
        "severity": "warning",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

test('handshakes are refused', () => {
  const few = [listener(), ...handshakes(2)]
  const counted = (value: number) => ({ counters: { 'TcpExt.TCPReqQFullDrop': value } })
  const found = twice(synBacklog, few, few, { before: counted(1), now: counted(4) })
  expect(found).toMatchObject([{ code: 'syn-backlog', severity: 'critical' }])
  expect(found[0]!.evidence).toContain('TCPReqQFullDrop rose by 3 in 2.0 s (net/netstat, of all listeners)')
  expect(twice(synBacklog, few, few, { before: counted(4), now: counted(4) })).toEqual([])
})

describe('silent', () => {
  test.each([
    ['one fewer', once(synBacklog, pile.slice(0, -1))],
    ['others than before', twice(synBacklog, pile, [listener(), ...handshakes(64, 1000)])],
    ['nobody listens there', once(synBacklog, pile.slice(1))],
  ])('%s', (_, found) => expect(found).toEqual([]))
})

test('a full queue drops the oldest: other ones in both looks, and cookies', () => {
  const others = [listener(), ...handshakes(64, 500)]
  const cookies = (rise: number) => ({ now: { counters: { 'TcpExt.TCPReqQFullDoCookies': rise } } })
  const before = { before: { counters: { 'TcpExt.TCPReqQFullDoCookies': 0 } } }
  expect(twice(synBacklog, pile, others, { ...before, ...cookies(1) })).toHaveLength(1)
  expect(twice(synBacklog, pile, others, { ...before, ...cookies(0) })).toEqual([])
})
