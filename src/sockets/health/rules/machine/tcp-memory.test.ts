import { describe, expect, test } from 'vitest'
import { once } from '../../../../../test/support/health-looks.ts'
import { tcpMemory } from './tcp-memory.ts'

const LIMITS = { pressure: 1000, limit: 1500 }
const check = (mem: number | undefined, tcpMemoryPages: typeof LIMITS | undefined = LIMITS) =>
  once(tcpMemory, [], { tcp: mem === undefined ? {} : { mem }, settings: { tcpMemoryPages } })

test('the kernel saves memory', () => {
  expect(check(1000)).toMatchInlineSnapshot(`
    [
      {
        "code": "tcp-memory",
        "culprit": undefined,
        "culprits": [],
        "do": [
          "find the sockets with the largest queues: mynetstat -antp --sort recv-q:desc, and send-q:desc",
        ],
        "doing": undefined,
        "evidence": [
          "mem 1000 pages (net/sockstat, all namespaces); net.ipv4.tcp_mem begins to save at 1000 and ends at 1500",
        ],
        "finding": "TCP uses 1000 pages of memory on this machine, so much that the kernel saves it",
        "measured": [],
        "not": [
          "raising tcp_rmem or tcp_wmem: they make each socket larger",
        ],
        "reach": 1000,
        "says": "TCP uses 1000 pages of memory on this machine, so much that the kernel saves it",
        "severity": "warning",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

test('there is no more', () => expect(check(1500)).toMatchObject([{ severity: 'critical' }]))

describe('silent', () => {
  test.each([
    ['one page fewer', check(999)],
    ['the limits are not known', once(tcpMemory, [], { tcp: { mem: 1000 } })],
    ['the number is not known', check(undefined)],
  ])('%s', (_, found) => expect(found).toEqual([]))
})
