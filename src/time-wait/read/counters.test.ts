import { describe, expect, test } from 'vitest'
import { parsePortList, parsePortRange } from './port-ranges.ts'
import { parseCounters } from './counters.ts'
import { parseSysctlText } from './sysctl-text.ts'
import { parseSockState } from '../who/sock-state-event.ts'

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
})

describe('parseSysctlText', () => {
  test('the forms of sysctl(8) and sysctl.conf(5)', () => {
    const text = '# comment\n; other\nnet.ipv4.a = 1\n-net/ipv4/b=2\nnet.ipv4.a = 3\nnonsense\nnet.ipv4.empty = \n'
    expect([...parseSysctlText(Buffer.from(text))]).toEqual([
      ['net.ipv4.a', '3'],
      ['net.ipv4.b', '2'],
      ['net.ipv4.empty', ''],
    ])
  })
})

describe('port ranges', () => {
  test.each([
    ['32768\t60999', { low: 32768, high: 60999 }],
    ['1024-65535', { low: 1024, high: 65535 }],
    ['7 7', { low: 7, high: 7 }],
    ['9 7', undefined],
    ['1 65536', undefined],
    ['1', undefined],
    ['a-b', undefined],
  ])('%j', (text, range) => expect(parsePortRange(text)).toEqual(range))

  test.each([
    ['', []],
    [
      '8080,10004-10013',
      [
        { low: 8080, high: 8080 },
        { low: 10004, high: 10013 },
      ],
    ],
    ['8080,x', undefined],
  ])('list %j', (text, ranges) => expect(parsePortList(text)).toEqual(ranges))
})

describe('parseSockState', () => {
  const EVENT =
    'inet_sock_set_state: family=AF_INET protocol=IPPROTO_TCP sport=40000 dport=8080 saddr=127.0.0.1 daddr=127.0.0.2 saddrv6=::ffff:127.0.0.1 daddrv6=::ffff:127.0.0.2 oldstate=TCP_FIN_WAIT2 newstate=TCP_CLOSE'
  const line = (comm: string, tgid = '(    812) ') =>
    `${comm.padStart(16)}-815     ${tgid}[001] ..s2.  1234.567890: ${EVENT}`
  const EXPECTED = {
    tid: 815,
    pid: 812,
    comm: 'python3',
    atS: 1234.56789,
    localAddress: '127.0.0.1',
    localPort: 40000,
    remoteAddress: '127.0.0.2',
    remotePort: 8080,
    oldState: 'FIN_WAIT2',
    newState: 'CLOSE',
  }

  test('every field', () => expect(parseSockState(line('python3'))).toEqual(EXPECTED))

  test.each(['a-7 [000] x', '-1', 'x\x1b[2J', '1.5: inet_sock_', 'a b'])('a thread that calls itself %j', comm => {
    expect(parseSockState(line(comm))).toEqual({ ...EXPECTED, comm })
  })

  test('a process the kernel has not recorded', () => {
    expect(parseSockState(line('python3', '(-------) '))?.pid).toBeUndefined()
    expect(parseSockState(line('python3', ''))?.pid).toBeUndefined()
  })

  test('IPv6', () => {
    const text = line('x').replace('::ffff:127.0.0.1', 'fe80::1').replace('::ffff:127.0.0.2', '::1')
    expect(parseSockState(text)).toMatchObject({ localAddress: 'fe80::1', remoteAddress: '::1' })
  })

  test.each(['', 'CPU:1 [LOST 12 EVENTS]', line('x').replace('inet_sock_set_state', 'other'), line('x').slice(0, -20)])(
    'no event: %j',
    text => expect(parseSockState(text)).toBeUndefined(),
  )
})
