import { expect, test } from 'vitest'
import { parseProtocols } from './protocols.ts'

const TEXT = `protocol  size sockets  memory press maxhdr  slab module     cl co di ac io in de sh ss gs se re bi br ha uh gp em
UNIX-STREAM  1088     42      -1   NI       0   yes  kernel      y  n  n  n  n  n  n  n  n  n  n  n  n  n  n  y  n  n
PACKET    1472     -1      -1   NI       0   no   kernel      n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n
TCP       2240      7       3   no     304   yes  kernel      y  y  y  y  y  y  y  y  y  y  y  y  n  y  y  y  y  y
TCPv6     2400      0       3   no     304   yes  kernel      y  y  y  y  y  y  y  y  y  y  y  y  n  y  y  y  y  y
`

test('sockets by protocol; one that does not count is left out', () => {
  expect([...parseProtocols(Buffer.from(TEXT))]).toEqual([
    ['UNIX-STREAM', 42],
    ['TCP', 7],
    ['TCPv6', 0],
  ])
})

test('a number that is none is left out', () => {
  expect(parseProtocols(Buffer.from(TEXT.replace('     42 ', '   many '))).has('UNIX-STREAM')).toBe(false)
})
