import { describe, expect, test } from 'vitest'
import { TCP_TIMER } from '../../../../kernel/tcp-timer.ts'
import { connection, later, once, twice } from '../../../../../test/support/health-looks.ts'
import { readerStuck } from './reader-stuck.ts'

const reader = connection(2001, { rxQueueBytes: 32 * 1024, inode: '5', pid: 7, program: 'reader' })
const small = later(reader, { rxQueueBytes: 2304 })
const sender = connection(80, {
  localPort: 2001,
  inode: '6',
  txQueueBytes: 2_803_712,
  timer: TCP_TIMER.zeroWindowProbe,
  pid: 8,
  program: 'sender',
})

test('not a byte was read, and the sender waits: both ends are named', () => {
  expect(twice(readerStuck, [small, sender])).toMatchInlineSnapshot(`
    [
      {
        "code": "reader-stuck",
        "culprit": {
          "cmdline": "reader",
          "comm": undefined,
          "container": undefined,
          "pid": 7,
          "unit": undefined,
        },
        "culprits": [
          {
            "pid": 7,
            "program": "reader",
          },
        ],
        "do": [
          "see where it is: trace-syscalls -p 7; as root cat /proc/7/stack",
        ],
        "doing": undefined,
        "evidence": [
          "2.25 KiB in the receive queue, not a byte read in 2.0 s (from 32 KiB on, or any where the sender waits)",
          "2.67 MiB wait at 127.0.0.1:2001 of sender (pid 8), which asks for room in vain (zero-window probe)",
        ],
        "finding": "reader (pid 7) does not read from 127.0.0.1:2001 on 127.0.0.1:80; sender (pid 8) cannot send",
        "measured": [
          {
            "source": "Recv-Q of net/tcp",
            "threshold": "unreadBytes",
            "value": 2304,
          },
        ],
        "not": [
          "larger buffers (tcp_rmem, SO_RCVBUF): they fill as well",
          "blaming the network or the sender",
        ],
        "reach": 1,
        "says": "does not read from 127.0.0.1:2001 on 127.0.0.1:80; sender (pid 8) cannot send",
        "severity": "critical",
        "towards": [],
        "victims": [
          {
            "pid": 8,
            "program": "sender",
          },
        ],
      },
    ]
  `)
})

test('a sender elsewhere is not named; the connections of one program are one finding', () => {
  const found = twice(readerStuck, [
    reader,
    connection(2002, { rxQueueBytes: 40_000, inode: '9', pid: 7, program: 'reader' }),
  ])
  expect(found).toMatchObject([
    { severity: 'warning', finding: 'reader (pid 7) does not read from 127.0.0.1:2002 on 127.0.0.1:80 and on 1 more' },
  ])
})

describe('silent', () => {
  test.each([
    ['a byte was read', twice(readerStuck, [reader], [later(reader, { rxQueueBytes: 32 * 1024 - 1 })])],
    ['more came', twice(readerStuck, [reader], [later(reader, { rxQueueBytes: 32 * 1024 + 1 })])],
    ['it is little, and nobody waits', twice(readerStuck, [small])],
    [
      'it is little, and the sender began to wait only now',
      twice(readerStuck, [small, later(sender, { timer: 0 })], [small, sender]),
    ],
    ['the sender is another connection', twice(readerStuck, [small, later(sender, { localPort: 2002 })])],
    ['there is one look', once(readerStuck, [reader])],
    ['nobody has accepted it yet', twice(readerStuck, [later(reader, { inode: '0' })])],
  ])('%s', (_, found) => expect(found).toEqual([]))
})
