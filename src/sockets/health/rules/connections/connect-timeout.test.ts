import { describe, expect, test } from 'vitest'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import { inetSocket, later, listener, once, twice } from '../../../../../test/support/health-looks.ts'
import { connectTimeout } from './connect-timeout.ts'

const knocking = inetSocket({
  localAddress: '192.0.2.1',
  localPort: 2001,
  remoteAddress: '192.0.2.9',
  remotePort: 443,
  state: TCP_STATE.synSent,
  retransmits: 2,
  pid: 8,
  program: 'curl',
})

test('no answer between two looks', () => {
  expect(twice(connectTimeout, [knocking])).toMatchInlineSnapshot(`
    [
      {
        "code": "connect-timeout",
        "culprit": {
          "cmdline": "curl",
          "comm": undefined,
          "container": undefined,
          "pid": 8,
          "unit": undefined,
        },
        "culprits": [
          {
            "pid": 8,
            "program": "curl",
          },
        ],
        "do": [
          "see whether 192.0.2.9:443 is reachable: ip route get 192.0.2.9; a firewall that drops says nothing",
          "look at the machine there: is the program up, is its accept queue full",
        ],
        "doing": undefined,
        "evidence": [
          "1 socket in SYN_SENT, the first segment sent again up to 2 times (from one on a second or more has passed)",
          "1 of them got no answer in 2.0 s either",
        ],
        "finding": "curl (pid 8) gets no answer from 192.0.2.9:443: 1 connection cannot be made",
        "measured": [],
        "not": [
          "a longer timeout in the client: there is no answer to wait for",
        ],
        "reach": 1,
        "says": "gets no answer from 192.0.2.9:443: 1 connection cannot be made",
        "severity": "critical",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

test('in one look it is less certain; one finding for a destination', () => {
  const other = inetSocket({ ...knocking.row, localPort: 2002, inode: '78', pid: 9 })
  expect(once(connectTimeout, [knocking, other])).toMatchObject([
    { severity: 'warning', evidence: [expect.stringMatching(/^2 sockets/)] },
  ])
})

test('where a program listens on this host, a firewall is the reason', () => {
  const own = later(knocking, { remoteAddress: '192.0.2.1' })
  const [found] = once(connectTimeout, [own, listener({ localAddress: '192.0.2.1', localPort: 443 })])
  expect(found!.evidence.at(-1)).toBe('app (pid 7) listens there, on 192.0.2.1:443')
  expect(found!.do.join()).toContain('firewall')
})

describe('silent', () => {
  const fullQueue = listener({ localAddress: '192.0.2.1', localPort: 443, rxQueueBytes: 3, acceptQueueLimit: 2 })
  test.each([
    ['the first segment was sent once', once(connectTimeout, [later(knocking, { retransmits: 0 })])],
    ['it was answered', once(connectTimeout, [later(knocking, { state: TCP_STATE.established })])],
    [
      'the queue it knocks at is full, which another rule tells',
      once(connectTimeout, [later(knocking, { remoteAddress: '192.0.2.1' }), fullQueue]),
    ],
  ])('%s', (_, found) => expect(found).toEqual([]))
})

describe('what a tracer counted', () => {
  const tries = (count: number, port = 443) => ({
    owners: [{ process: { pid: 9, args: ['probe'] }, heldBy: 'fd' as const, fds: [] }],
    address: '192.0.2.9',
    port,
    count,
  })
  const told = (...unanswered: ReturnType<typeof tries>[]) =>
    twice(connectTimeout, [], [], { now: { traced: { accepted: () => 0, unanswered, sentAgain: [] } } })

  test('connections that were given up, of all processes to one place together', () => {
    expect(told(tries(2), tries(1))).toMatchObject([
      {
        severity: 'critical',
        finding: 'probe (pid 9) gets no answer from 192.0.2.9:443: 3 connections cannot be made',
      },
    ])
  })

  test('one that is under way counts as well', () => {
    const pending = later(knocking, { retransmits: 0 })
    const traced = { accepted: () => 0, unanswered: [tries(2)], sentAgain: [] }
    expect(twice(connectTimeout, [pending], [pending], { now: { traced } })).toHaveLength(1)
    expect(twice(connectTimeout, [], [], { now: { traced } })).toEqual([])
  })

  test.each([
    ['too few', [tries(2)]],
    ['to two places', [tries(2), tries(2, 80)]],
  ])('silent: %s', (_, unanswered) => expect(told(...unanswered)).toEqual([]))
})
