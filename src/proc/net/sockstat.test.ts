import { describe, expect, test } from 'vitest'
import { isTcp6Empty, parseSockstat, sockstatGauge, tcpRowsByGauge } from './sockstat.ts'

const SOCKSTAT = Buffer.from(
  'sockets: used 294\nTCP: inuse 61 orphan 1 tw 3 alloc 78 mem 3726\nFRAG: inuse 0 memory 0\n',
)

test('gauges by protocol and name', () => {
  expect(parseSockstat(SOCKSTAT).get('sockets')).toEqual(new Map([['used', 294]]))
  expect(sockstatGauge(SOCKSTAT, 'TCP', 'tw')).toBe(3)
  expect(sockstatGauge(SOCKSTAT, 'UDP', 'inuse')).toBeUndefined()
  expect(sockstatGauge(undefined, 'TCP', 'tw')).toBeUndefined()
})

describe('net/tcp6 has no row', () => {
  const empty = (inUse6: number | undefined, timeWaitInTcp?: number) =>
    isTcp6Empty(
      file =>
        file === 'sockstat' ? SOCKSTAT : inUse6 === undefined ? undefined : Buffer.from(`TCP6: inuse ${inUse6}\n`),
      timeWaitInTcp,
    )

  test.each([
    ['no IPv6 socket, and every TIME_WAIT stands in net/tcp', 0, 3, true],
    ['no IPv6 socket, and TIME_WAIT does not matter', 0, undefined, true],
    ['a TIME_WAIT that net/tcp does not show', 0, 2, false],
    ['an IPv6 socket', 1, 3, false],
    ['no gauge of IPv6', undefined, 3, false],
  ])('%s', (_, inUse6, timeWaitInTcp, expected) => {
    expect(empty(inUse6, timeWaitInTcp)).toBe(expected)
  })
})

describe('rows by the gauges', () => {
  const rows = (table: 'tcp' | 'tcp6', timeWait: number, six = 'TCP6: inuse 2\n') =>
    tcpRowsByGauge(
      file => Buffer.from(file === 'sockstat' ? `TCP: inuse 5 orphan 0 tw ${timeWait} alloc 78 mem 3726\n` : six),
      table,
    )
  test.each([
    ['IPv4', rows('tcp', 0), 5],
    ['IPv6', rows('tcp6', 0), 2],
    ['TIME_WAIT may stand in either', rows('tcp', 1), undefined],
    ['a kernel without IPv6', rows('tcp6', 0, ''), undefined],
    ['no gauges', tcpRowsByGauge(() => undefined, 'tcp'), undefined],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected)
  })
})
