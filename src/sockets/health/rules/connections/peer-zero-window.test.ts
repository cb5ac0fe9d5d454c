import { describe, expect, test } from 'vitest'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import { TCP_TIMER } from '../../../../kernel/tcp-timer.ts'
import { connection, inetSocket, later, once, twice } from '../../../../../test/support/health-looks.ts'
import { peerZeroWindow } from './peer-zero-window.ts'

const blocked = inetSocket({
  localAddress: '192.0.2.1',
  localPort: 80,
  remoteAddress: '192.0.2.9',
  remotePort: 4000,
  inode: '6',
  txQueueBytes: 70_000,
  timer: TCP_TIMER.zeroWindowProbe,
  probes: 2,
  pid: 8,
})

test('the other side gave no room between the looks', () => {
  expect(twice(peerZeroWindow, [blocked])).toMatchInlineSnapshot(`
    [
      {
        "code": "peer-zero-window",
        "culprit": {
          "cmdline": "app",
          "comm": undefined,
          "container": undefined,
          "pid": 8,
          "unit": undefined,
        },
        "culprits": [
          {
            "pid": 8,
            "program": "app",
          },
        ],
        "do": [
          "look at 192.0.2.9:4000: its program has the data and does not read it",
        ],
        "doing": undefined,
        "evidence": [
          "the timer of 1 connection is the zero-window probe, in 2.0 s no room was given: the other side says that it has no room",
        ],
        "finding": "app (pid 8) cannot send 68.4 KiB from 192.0.2.1:80: the program at 192.0.2.9:4000 does not read",
        "measured": [],
        "not": [
          "larger send buffers: what cannot be sent only waits longer",
          "blaming the network: the other side answers",
        ],
        "reach": 1,
        "says": "cannot send 68.4 KiB from 192.0.2.1:80: the program at 192.0.2.9:4000 does not read",
        "severity": "warning",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

test('one look, with a probe that was not answered', () => {
  expect(once(peerZeroWindow, [blocked])).toHaveLength(1)
})

test('the other end on this host is named where it is not known to stand still', () => {
  const reader = connection(2001, { rxQueueBytes: 100, inode: '5', pid: 7, program: 'reader' })
  const sender = connection(80, {
    localPort: 2001,
    inode: '6',
    txQueueBytes: 9,
    timer: TCP_TIMER.zeroWindowProbe,
    probes: 1,
  })
  expect(once(peerZeroWindow, [reader, sender])[0]!.finding).toMatch(/^reader \(pid 7\) does not read/)
  // That it stands still is the finding reader-stuck.
  expect(twice(peerZeroWindow, [reader, sender])).toEqual([])
})

describe('silent', () => {
  test.each([
    ['another timer', twice(peerZeroWindow, [later(blocked, { timer: TCP_TIMER.retransmit })])],
    ['nothing to send', twice(peerZeroWindow, [later(blocked, { txQueueBytes: 0 })])],
    ['it began only now', twice(peerZeroWindow, [later(blocked, { timer: 0 })], [blocked])],
    ['one look, and every probe was answered', once(peerZeroWindow, [later(blocked, { probes: 0 })])],
  ])('%s', (_, found) => expect(found).toEqual([]))
})

test('a program of this machine that has not accepted is not said to be elsewhere', () => {
  const [client, waiting] = [
    inetSocket({
      localAddress: '127.0.0.1',
      localPort: 4000,
      remoteAddress: '127.0.0.1',
      remotePort: 80,
      inode: '6',
      txQueueBytes: 70_000,
      timer: TCP_TIMER.zeroWindowProbe,
      probes: 2,
      pid: 8,
    }),
    inetSocket({
      localAddress: '127.0.0.1',
      localPort: 80,
      remoteAddress: '127.0.0.1',
      remotePort: 4000,
      inode: '0',
      state: TCP_STATE.established,
    }),
  ]
  const listener = inetSocket({ localAddress: '127.0.0.1', localPort: 80, inode: '9', state: TCP_STATE.listen, pid: 3 })
  expect(twice(peerZeroWindow, [client, waiting, listener])).toEqual([])
  expect(twice(peerZeroWindow, [client, waiting])).toHaveLength(1)
})
