import { describe, expect, test } from 'vitest'
import { parseCounters, parseExactCounters } from './counters.ts'

describe('parseCounters', () => {
  const parse = (text: string) => parseCounters(Buffer.from(text))

  test('joins names and values by place', () => {
    const counters = parse('Tcp: ActiveOpens MaxConn\nTcp: 7 -1\nTcpExt: TW\nTcpExt: 85\n')
    expect(counters.get('Tcp')?.get('ActiveOpens')).toBe(7)
    expect(counters.get('Tcp')?.get('MaxConn')).toBe(-1)
    expect(counters.get('TcpExt')?.get('TW')).toBe(85)
  })

  test.each([
    ['values cut short', 'TcpExt: TW TWKilled\nTcpExt: 85\n'],
    ['the values of another protocol', 'TcpExt: TW\nIpExt: 85\n'],
    ['names without values', 'TcpExt: TW\n'],
    ['no protocol', 'TW\n85\n'],
  ])('%s: the pair is passed over', (_, text) => {
    expect(parse(text).get('TcpExt')).toBeUndefined()
  })

  test('a value that is no number is absent', () => {
    expect([...parse('Tcp: A B\nTcp: x 3\n').get('Tcp')!]).toEqual([['B', 3]])
  })

  test('pairs are found by their names, wherever they stand', () => {
    const counters = parse('\nrubbish\nTcp: A\nTcp: 1\n\nIp: B\nTcpExt: TW\nTcpExt: 5\n')
    expect([...counters.keys()]).toEqual(['Tcp', 'TcpExt'])
  })

  test('a value beyond 2^53 is exact where that is asked for', () => {
    const bytes = Buffer.from('IpExt: InOctets\nIpExt: 18446744073709551615\n')
    expect(parseExactCounters(bytes).get('IpExt')?.get('InOctets')).toBe(2n ** 64n - 1n)
  })
})
