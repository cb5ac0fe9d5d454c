import { describe, expect, test } from 'vitest'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import { connection, later, once, twice } from '../../../../../test/support/health-looks.ts'
import { finWait2Pile } from './fin-wait2-pile.ts'

const halfClosed = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    connection(1000 + i, {
      state: TCP_STATE.finWait2,
      inode: String(6000 + i),
      pid: 7,
      remoteAddress: '192.0.2.9',
      localAddress: '192.0.2.1',
    }),
  )

test('held in FIN_WAIT2 in both looks', () => {
  expect(twice(finWait2Pile, halfClosed(100))).toMatchInlineSnapshot(`
    [
      {
        "code": "fin-wait2-pile",
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
          "look for CLOSE_WAIT at the other side",
          "let app (pid 7) close() after a time, instead of shutdown() alone: then the kernel ends them",
        ],
        "doing": undefined,
        "evidence": [
          "100 in FIN_WAIT2 with a descriptor, the same in both looks (a pile from 100 on), as 192.0.2.1:80",
        ],
        "finding": "app (pid 7) holds 100 connections that the other side does not close, as with 192.0.2.9:1000",
        "measured": [
          {
            "source": "net/tcp",
            "threshold": "finWait2Sockets",
            "value": 100,
          },
        ],
        "not": [
          "net.ipv4.tcp_fin_timeout: it ends only those that no process holds any more",
        ],
        "reach": 100,
        "says": "holds 100 connections that the other side does not close, as with 192.0.2.9:1000",
        "severity": "warning",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

test('where the other ends are on this host, who does not close them is named', () => {
  const peers = halfClosed(100).map(({ row }) =>
    connection(row.localPort, {
      localAddress: row.remoteAddress,
      localPort: row.remotePort,
      remoteAddress: row.localAddress,
      state: TCP_STATE.closeWait,
      pid: 9,
      program: 'leaky',
    }),
  )
  expect(twice(finWait2Pile, [...halfClosed(100), ...peers])).toMatchObject([
    {
      culprit: { pid: 9 },
      finding: 'leaky (pid 9) does not close 100 connections that app (pid 7) has half closed and still holds',
    },
  ])
})

describe('silent', () => {
  test.each([
    ['one fewer', twice(finWait2Pile, halfClosed(99))],
    [
      'no process holds them: the kernel ends them',
      twice(
        finWait2Pile,
        halfClosed(100).map(socket => later(socket, { inode: '0' })),
      ),
    ],
    [
      'they were open before',
      twice(
        finWait2Pile,
        halfClosed(100).map(socket => later(socket, { state: TCP_STATE.established })),
        halfClosed(100),
      ),
    ],
    ['there is one look', once(finWait2Pile, halfClosed(100))],
  ])('%s', (_, found) => expect(found).toEqual([]))
})
