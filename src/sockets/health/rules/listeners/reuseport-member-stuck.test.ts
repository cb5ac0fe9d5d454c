import { describe, expect, test } from 'vitest'
import { later, listener, once, twice, unaccepted } from '../../../../../test/support/health-looks.ts'
import { reuseportMemberStuck } from './reuseport-member-stuck.ts'

const stuck = listener({ rxQueueBytes: 2 })
const idle = listener({ inode: '701', pid: 8 })
const sockets = [stuck, idle, unaccepted(1), unaccepted(2)]

test('the connections of one member wait, the queues of the others are empty', () => {
  expect(twice(reuseportMemberStuck, sockets)).toMatchInlineSnapshot(`
    [
      {
        "code": "reuseport-member-stuck",
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
          "restart that worker: closing the socket gives its share to the others",
          "see where it is: trace-syscalls -p 7; as root cat /proc/7/stack",
        ],
        "doing": undefined,
        "evidence": [
          "2 connections in the queue of socket 700, the same in both looks 2.0 s apart; the queues of the others are empty",
          "2 sockets listen on 127.0.0.1:80 (SO_REUSEPORT)",
        ],
        "finding": "app (pid 7) does not accept on 127.0.0.1:80, the other socket does: one client in 2 hangs",
        "measured": [
          {
            "source": "Recv-Q of net/tcp",
            "threshold": "unservedSeconds",
            "value": 2,
          },
        ],
        "not": [
          "a larger backlog: nobody takes from that queue",
        ],
        "reach": 2,
        "says": "does not accept on 127.0.0.1:80, the other socket does: one client in 2 hangs",
        "severity": "critical",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

describe('silent', () => {
  test.each([
    [
      'another member has a queue, too',
      twice(reuseportMemberStuck, [stuck, later(idle, { rxQueueBytes: 1 }), ...sockets.slice(2)]),
    ],
    [
      'nobody else listens there',
      twice(
        reuseportMemberStuck,
        sockets.filter(socket => socket !== idle),
      ),
    ],
    [
      'the other listens on another port',
      twice(reuseportMemberStuck, [stuck, later(idle, { localPort: 81 }), ...sockets.slice(2)]),
    ],
    ['others wait than before', twice(reuseportMemberStuck, sockets, [stuck, idle, unaccepted(3), unaccepted(4)])],
    [
      'the queue became shorter',
      twice(reuseportMemberStuck, [later(stuck, { rxQueueBytes: 3 }), ...sockets.slice(1)], sockets),
    ],
    ['there is one look', once(reuseportMemberStuck, sockets)],
  ])('%s', (_, found) => expect(found).toEqual([]))
})
