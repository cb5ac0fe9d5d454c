import { expect, test } from 'vitest'
import { tcpSocket } from '../../../test/support/a-socket.ts'
import type { TcpInfo } from '../../sockets/model.ts'
import { textWidth } from '../../terminal/text-width.ts'
import { connectionLines, type ConnectionFacts } from './connection-page.ts'

const INFO = {
  rttUs: 1500,
  rttvarUs: 200,
  minRttUs: 900,
  rtoUs: 204_000,
  sndCwnd: 10,
  sndMssBytes: 1448,
  sndWndBytes: 65_536,
  bytesReceived: 2048,
  bytesSent: 5000,
  bytesRetrans: 904,
  totalRetrans: 3,
  busyTimeUs: 1000,
  rwndLimitedUs: 250,
} as TcpInfo

const facts = (rest: Partial<ConnectionFacts> = {}): ConnectionFacts => ({
  socket: tcpSocket(
    { timer: 1, timerTicks: 150, retransmits: 2, rxQueueBytes: 7 },
    { kernel: { cookie: '77', tcpInfo: INFO, shutdown: 1, congestion: 'cubic' } },
  ),
  owner: { pid: 7, program: 'nginx', unit: 'nginx.service' },
  process: { pid: 7, args: ['/usr/sbin/nginx', '-g', 'daemon off;'], cgroup: '/system.slice/nginx.service' },
  received: 100,
  sent: 0,
  retransmits: 0.5,
  userHz: 100,
  ...rest,
})

test('everything of a connection', () => {
  expect(`\n${connectionLines(facts(), 90).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    local      127.0.0.1:8080
    remote     127.0.0.1:40000
    state      ESTABLISHED, shut for receiving
    owner      nginx 7
    command    /usr/sbin/nginx -g 'daemon off;'
    unit       nginx.service
    cgroup     /system.slice/nginx.service
    user       0
    now        in 100 B/s, out 0/s, retransmits 0.50/s
    total      in 2 KiB, out 4 KiB, 3 segments sent again
    unread     7 B
    unsent     0
    timer      retransmit in 1.50 s, try 2
    round trip 1.5 ms ± 200 us, least 900 us; sent again after 204 ms
    window     10 segments of 1448 B; the peer takes 64 KiB; room to receive -
    held up    by the peer's window 25 %, by the send buffer 0 % of the time it had something
               to send
    congestion cubic
    inode      1000
    cookie     77

    tcp_info
      rttUs 1.5 ms          sndCwnd 10            bytesSent 4.88 KiB    rwndLimitedUs 250 us
      rttvarUs 200 us       sndMssBytes 1.41 KiB  bytesRetrans 904 B
      minRttUs 900 us       sndWndBytes 64 KiB    totalRetrans 3
      rtoUs 204 ms          bytesReceived 2 KiB   busyTimeUs 1 ms
    "
  `)
})

test('what is not known is said or left out, never 0', () => {
  const lines = connectionLines(
    facts({ socket: tcpSocket({ inode: '0' }), owner: undefined, process: undefined, received: undefined }),
    80,
  )
  const text = lines.join('\n')
  expect(text).toContain('owner      not known')
  expect(text).toContain('now        not known before the second look')
  expect(text).toContain('inode      none: no process holds it')
  expect(text).not.toContain('tcp_info')
  expect(text).not.toContain('total')
})

test('hostile words are escaped, and lines fit', () => {
  const lines = connectionLines(facts({ process: { pid: 7, args: ['\x1b[31m', 'x '.repeat(40)] } }), 60)
  expect(lines.join('\n')).toContain('\\x1b[31m')
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(90)
})
