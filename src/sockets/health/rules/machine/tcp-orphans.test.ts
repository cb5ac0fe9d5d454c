import { describe, expect, test } from 'vitest'
import { once } from '../../../../../test/support/health-looks.ts'
import { tcpOrphans } from './tcp-orphans.ts'

const check = (orphan: number | undefined, maxOrphans: number | undefined) =>
  once(tcpOrphans, [], { tcp: orphan === undefined ? {} : { orphan }, settings: { maxOrphans } })

test('half of what is allowed', () => {
  expect(check(500, 1000)).toMatchInlineSnapshot(`
    [
      {
        "code": "tcp-orphans",
        "culprit": undefined,
        "culprits": [],
        "do": [
          "find which peers do not take what was sent to them before the close: FIN_WAIT1 and LAST_ACK in mynetstat -ant",
          "net.ipv4.tcp_orphan_retries decides how long they last; each takes up to 64 KiB",
        ],
        "doing": undefined,
        "evidence": [
          "orphan 500 (net/sockstat, all namespaces), net.ipv4.tcp_max_orphans 1000; from 50 % on",
        ],
        "finding": "this machine has 500 connections that no process holds, of 1000 it allows",
        "measured": [
          {
            "source": "net/sockstat, net.ipv4.tcp_max_orphans",
            "threshold": "orphanShare",
            "value": 0.5,
          },
        ],
        "not": [
          "net.ipv4.tcp_tw_reuse and the like: these are not in TIME_WAIT",
        ],
        "reach": 500,
        "says": "this machine has 500 connections that no process holds, of 1000 it allows",
        "severity": "warning",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

test('all that is allowed', () => expect(check(1000, 1000)).toMatchObject([{ severity: 'critical' }]))

describe('silent', () => {
  test.each([
    ['one fewer', check(499, 1000)],
    ['the limit is not known', check(500, undefined)],
    ['the number is not known', check(undefined, 1000)],
  ])('%s', (_, found) => expect(found).toEqual([]))
})
