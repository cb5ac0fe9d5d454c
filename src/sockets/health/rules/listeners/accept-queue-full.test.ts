import { describe, expect, test } from 'vitest'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import { connection, later, listener, once, twice, unaccepted } from '../../../../../test/support/health-looks.ts'
import { acceptQueueFull } from './accept-queue-full.ts'

const full = listener({ rxQueueBytes: 3, acceptQueueLimit: 2 })
const unlimited = listener({ rxQueueBytes: 3 })
const overflows = {
  before: { counters: { 'TcpExt.ListenOverflows': 5 } },
  now: { counters: { 'TcpExt.ListenOverflows': 9 } },
}

test('more than the limit wait in both looks', () => {
  const client = connection(80, { localPort: 2001, state: TCP_STATE.synSent, inode: '9', pid: 8, program: 'curl' })
  const sockets = [full, unaccepted(1), unaccepted(2), client]
  const looks = { now: { settings: { somaxconn: 128 }, processes: { 7: { state: 'S', waitsIn: 'futex_wait' } } } }
  expect(twice(acceptQueueFull, sockets, sockets, looks)).toMatchInlineSnapshot(`
    [
      {
        "code": "accept-queue-full",
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
          "where it accepts, only too slowly: more workers, or a larger backlog in listen(), of which the kernel grants net.core.somaxconn (128) at most",
        ],
        "doing": "its thread sleeps, in futex_wait (/proc/7/stat, wchan)",
        "evidence": [
          "Recv-Q 3 in both looks, more than the limit 2 (inet_diag; full is more than the limit)",
          "the same 2 connections waited in both looks: accept() was not called in 2.0 s",
          "1 client of this host in SYN_SENT to it: curl (pid 8)",
          "its thread sleeps, in futex_wait (/proc/7/stat, wchan)",
        ],
        "finding": "app (pid 7) does not accept on 127.0.0.1:80: 3 connections wait in a queue of 2, new clients get no answer",
        "measured": [],
        "not": [
          "raising net.core.somaxconn alone: a listener keeps the limit it had when it called listen()",
          "a longer queue: nobody takes from it",
        ],
        "reach": 3,
        "says": "does not accept on 127.0.0.1:80: 3 connections wait in a queue of 2, new clients get no answer",
        "severity": "critical",
        "towards": [],
        "victims": [
          {
            "pid": 8,
            "program": "curl",
          },
        ],
      },
    ]
  `)
})

test.each([
  ['one look, as many as it takes and one', once(acceptQueueFull, [full])],
  [
    'no limit known, but clients are turned away while the queue stands still',
    twice(acceptQueueFull, [unlimited], [unlimited], overflows),
  ],
  [
    'no limit known, but more wait than any limit allows',
    once(acceptQueueFull, [unlimited], { settings: { somaxconn: 2 } }),
  ],
])('%s', (_, found) => {
  expect(found).toMatchObject([{ code: 'accept-queue-full', severity: 'critical', culprit: { pid: 7 } }])
})

test.each([
  ['a client of this host gets no answer', { retransmits: 1 }, 1],
  ['it has only just asked', { retransmits: 0 }, 0],
])('no limit known: %s', (_, fields, findings) => {
  const client = connection(80, { localPort: 2001, state: TCP_STATE.synSent, pid: 8, ...fields })
  expect(once(acceptQueueFull, [unlimited, client])).toHaveLength(findings)
})

test.each([
  ['clients were turned away, and one in the queue gave up', 5, TCP_STATE.closeWait, 1],
  ['none was turned away', 0, TCP_STATE.closeWait, 0],
  ['none gave up', 5, TCP_STATE.established, 0],
])('no limit known, one look: %s', (_, overflowed, state, findings) => {
  const sockets = [unlimited, later(unaccepted(1), { state })]
  expect(once(acceptQueueFull, sockets, { counters: { 'TcpExt.ListenOverflows': overflowed } })).toHaveLength(findings)
})

describe('silent', () => {
  test.each([
    ['as many wait as it takes', once(acceptQueueFull, [later(full, { rxQueueBytes: 2 })])],
    ['the queue was not full before', twice(acceptQueueFull, [later(full, { rxQueueBytes: 2 })], [full])],
    [
      'no limit known, and nobody was turned away',
      twice(acceptQueueFull, [unlimited], [unlimited], { ...overflows, now: overflows.before }),
    ],
    [
      'no limit known, and the queue moved',
      twice(acceptQueueFull, [later(unlimited, { rxQueueBytes: 2 })], [unlimited], overflows),
    ],
    [
      'no limit known, and no more than any limit allows',
      once(acceptQueueFull, [unlimited], { settings: { somaxconn: 3 } }),
    ],
    ['it does not listen', once(acceptQueueFull, [later(full, { state: TCP_STATE.established })])],
  ])('%s', (_, found) => expect(found).toEqual([]))
})

test('a client of another host with the same port is none of its clients', () => {
  const wild = later(full, { localAddress: '0.0.0.0' })
  const client = connection(80, {
    localAddress: '192.0.2.1',
    localPort: 2001,
    remoteAddress: '192.0.2.2',
    state: TCP_STATE.synSent,
    pid: 8,
  })
  expect(once(acceptQueueFull, [wild, client])[0]!.evidence.join()).not.toContain('SYN_SENT')
  const own = later(client, { remoteAddress: '192.0.2.1' })
  expect(once(acceptQueueFull, [wild, own])[0]!.evidence.join()).toContain('1 client of this host in SYN_SENT')
})

describe('where accept() was counted', () => {
  const counted = (accepted: number, rise: number) => ({
    before: { counters: { 'TcpExt.ListenOverflows': 0 } },
    now: {
      counters: { 'TcpExt.ListenOverflows': rise },
      traced: { accepted: (inode: string) => (inode === '700' ? accepted : 0), unanswered: [], sentAgain: [] },
    },
  })
  const shrunk = later(unlimited, { rxQueueBytes: 2 })

  test.each<[string, number, number, number]>([
    ['nobody accepts, whatever the queue does', 0, 1, 1],
    ['somebody accepts, and many are turned away', 5, 20, 1],
    ['somebody accepts, and few are', 5, 19, 0],
    ['nobody is turned away', 0, 0, 0],
  ])('%s', (_, accepted, rise, findings) => {
    expect(twice(acceptQueueFull, [unlimited], [shrunk], counted(accepted, rise))).toHaveLength(findings)
  })

  test('who accepts is not blamed for what another listener turns away', () => {
    const idle = listener({ inode: '701', localPort: 81, rxQueueBytes: 3, pid: 8 })
    const found = twice(acceptQueueFull, [unlimited, idle], [unlimited, idle], counted(5, 20))
    expect(found).toMatchObject([{ culprits: [{ pid: 8 }] }])
  })
})
