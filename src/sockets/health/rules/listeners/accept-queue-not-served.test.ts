import { describe, expect, test } from 'vitest'
import { later, listener, once, twice, unaccepted } from '../../../../../test/support/health-looks.ts'
import { acceptQueueNotServed } from './accept-queue-not-served.ts'

const waiting = listener({ rxQueueBytes: 2, acceptQueueLimit: 16 })
const clients = [unaccepted(1), unaccepted(2)]
const sockets = [waiting, ...clients]

test('the same connections wait in both looks', () => {
  expect(twice(acceptQueueNotServed, sockets)).toMatchInlineSnapshot(`
    [
      {
        "code": "accept-queue-not-served",
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
          "see where it is: trace-syscalls -p 7; as root cat /proc/7/stack",
        ],
        "doing": undefined,
        "evidence": [
          "Recv-Q 2 of 16 now, and 2 in the look 2.0 s before",
          "the same 2 connections waited in both looks (from 1 s between them on): accept() was not called",
        ],
        "finding": "app (pid 7) accepted no connection on 127.0.0.1:80 for 2.0 s while 2 waited",
        "measured": [
          {
            "source": "Recv-Q of net/tcp",
            "threshold": "unservedSeconds",
            "value": 2,
          },
        ],
        "not": [
          "a larger backlog or net.core.somaxconn: nobody takes from the queue",
        ],
        "reach": 2,
        "says": "accepted no connection on 127.0.0.1:80 for 2.0 s while 2 waited",
        "severity": "warning",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

test('a process that is stopped is the reason', () => {
  const found = twice(acceptQueueNotServed, sockets, sockets, { now: { processes: { 7: { state: 'T' } } } })
  expect(found).toMatchObject([
    { severity: 'critical', finding: 'app (pid 7) is stopped: 2 connections to 127.0.0.1:80 wait for it' },
  ])
  expect(found[0]!.do.join()).toContain('kill -CONT')
})

test('more may have come', () => {
  const more = [later(waiting, { rxQueueBytes: 3 }), ...clients, unaccepted(3)]
  expect(twice(acceptQueueNotServed, sockets, more)).toHaveLength(1)
})

describe('silent', () => {
  const other = listener({ inode: '701', rxQueueBytes: 0 })
  test.each([
    [
      'one that waited is not waiting any more',
      twice(acceptQueueNotServed, sockets, [waiting, clients[1]!, unaccepted(3)]),
    ],
    ['nobody waited before', twice(acceptQueueNotServed, [later(waiting, { rxQueueBytes: 0 })], sockets)],
    ['there is one look', once(acceptQueueNotServed, sockets)],
    ['the looks are too near', twice(acceptQueueNotServed, sockets, sockets, { now: { atMs: 900 } })],
    [
      'the queue is full, which another rule tells',
      twice(acceptQueueNotServed, [later(waiting, { acceptQueueLimit: 1 }), ...clients]),
    ],
    ['it shares its port, which another rule tells', twice(acceptQueueNotServed, [...sockets, other])],
  ])('%s', (_, found) => expect(found).toEqual([]))
})
