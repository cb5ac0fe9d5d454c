import { describe, expect, test } from 'vitest'
import { parseSockState } from './sock-state-event.ts'

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
