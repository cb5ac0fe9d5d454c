import { describe, expect, test } from 'vitest'
import { inetSocket, later, once, twice } from '../../../../../test/support/health-looks.ts'
import { udpReceiveDrops } from './udp-receive-drops.ts'

const before = inetSocket({
  table: 'udp',
  localPort: 514,
  state: 7,
  inode: '5',
  drops: 100,
  rxQueueBytes: 2304,
  pid: 7,
})
const now = later(before, { drops: 121 })

test('more than ten a second are dropped', () => {
  const counted = (value: number) => ({ counters: { 'Udp.RcvbufErrors': value } })
  expect(twice(udpReceiveDrops, [before], [now], { before: counted(5), now: counted(26) })).toMatchInlineSnapshot(`
    [
      {
        "code": "udp-receive-drops",
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
          "read faster: recvmmsg(), more threads, SO_REUSEPORT",
          "for bursts a larger SO_RCVBUF, of which the kernel grants net.core.rmem_max at most",
        ],
        "doing": undefined,
        "evidence": [
          "21 dropped in 2.0 s, 121 since the socket was made (column drops; from 10 a second on)",
          "2.25 KiB wait in its receive queue",
          "Udp RcvbufErrors rose by 21 (net/snmp, of all sockets)",
        ],
        "finding": "app (pid 7) loses 11 datagrams a second on 127.0.0.1:514: it reads too slowly",
        "measured": [
          {
            "source": "drops of net/udp",
            "threshold": "udpDropsPerSecond",
            "value": 10.5,
          },
        ],
        "not": [
          "a larger buffer where the load is steady: it fills as well",
        ],
        "reach": 11,
        "says": "loses 11 datagrams a second on 127.0.0.1:514: it reads too slowly",
        "severity": "critical",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

describe('silent', () => {
  test.each([
    ['just ten a second', twice(udpReceiveDrops, [before], [later(now, { drops: 120 })])],
    ['all were dropped before', twice(udpReceiveDrops, [now])],
    ['it is another socket', twice(udpReceiveDrops, [before], [later(now, { inode: '6' })])],
    ['drops are not known', twice(udpReceiveDrops, [before], [later(now, { drops: undefined })])],
    ['there is one look', once(udpReceiveDrops, [now])],
    [
      'the recordings do not tell when they were made',
      twice(udpReceiveDrops, [before], [now], { now: { atMs: undefined } }),
    ],
  ])('%s', (_, found) => expect(found).toEqual([]))
})
